package io.posthorn.app;

/** What the program tells its caller. */
public final class ExitCode {
    /** It did what it was asked. */
    public static final int OK = 0;
    /** It could not: a port in use, a data directory that cannot be used. */
    public static final int FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** The settings are wrong; EX_CONFIG of sysexits.h. */
    public static final int BAD_SETTINGS = 78;

    private ExitCode() {}
}
