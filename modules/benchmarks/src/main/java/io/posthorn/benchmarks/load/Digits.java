package io.posthorn.benchmarks.load;

/** Numbers of fixed width inside bytes, so that a prepared request only needs its digits changed. */
final class Digits {
    private Digits() {}

    /** Writes the last digits of a number that is not negative. */
    static void write(byte[] bytes, int at, int width, long number) {
        long left = number;
        for (int i = at + width - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }

    /** Reads them; -1 where something else stands. */
    static long read(byte[] bytes, int at, int width) {
        long number = 0;
        for (int i = at; i < at + width; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
