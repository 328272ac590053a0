package io.posthorn.chaos.run;

/** A run could not be carried through: what was being waited for never came. Counts as a broken rule. */
public final class RunFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunFailed(String message) {
        super(message);
    }

    public RunFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
