package io.posthorn.benchmarks.load;

/** The payload of the events: a JSON object of a given size that says when it was meant to be sent. */
public final class Payload {
    private static final String START = "{\"at\":\"" + RequestTemplate.AT + "\",\"text\":\"";
    private static final String END = "\"}";
    private static final int AT = START.indexOf(RequestTemplate.AT);

    /** The smallest size. */
    public static final int MIN_BYTES = START.length() + END.length();

    private Payload() {}

    /** With {@link RequestTemplate#AT} still in it. */
    public static String template(int bytes) {
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: at least " + MIN_BYTES + ")");
        }
        return START + "x".repeat(bytes - MIN_BYTES) + END;
    }

    /** When the payload that begins there was meant to be sent; -1 when it does not say. */
    static long at(byte[] bytes, int body, int end) {
        return end - body < MIN_BYTES ? -1 : Digits.read(bytes, body + AT, RequestTemplate.AT.length());
    }
}
