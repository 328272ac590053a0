package io.posthorn.testkit.process;

/** A run could not be carried through: what was being waited for never came. */
public final class RunFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what was being waited for. */
    public RunFailed(String message) {
        super(message);
    }

    /** With its cause. */
    public RunFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
