package io.posthorn.app;

/** A role that did not start. The cause says why. */
final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String role;

    StartFailure(String role, Throwable cause) {
        super("the role " + role + " did not start", cause);
        this.role = role;
    }

    /** The name of its deployment. */
    String role() {
        return role;
    }
}
