package io.posthorn.benchmarks.profile;

/**
 * One frame of a stack.
 *
 * @param type the full name of the class
 * @param method its name
 */
record Frame(String type, String method) {
    @Override
    public String toString() {
        return type + "." + method;
    }
}
