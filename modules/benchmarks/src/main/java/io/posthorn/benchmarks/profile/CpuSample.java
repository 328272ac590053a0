package io.posthorn.benchmarks.profile;

import java.util.List;

/**
 * One look at a thread.
 *
 * @param thread its number in the operating system
 * @param inNative whether it was in native code called from Java
 * @param stack the top first
 */
record CpuSample(long thread, boolean inNative, List<Frame> stack) {
    private static final String ROCKS = "org.rocksdb.";

    /** Whether the native code works by itself, beyond what it asks of the kernel. */
    boolean computesInNative() {
        return inNative && !stack.isEmpty() && stack.get(0).type().startsWith(ROCKS);
    }
}
