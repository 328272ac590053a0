package io.posthorn.contract;

/** A version of TLS that an endpoint can ask for as the least. */
public enum TlsVersion {
    /** RFC 5246: what every endpoint gets that asks for nothing. */
    TLS_1_2("1.2"),

    /** RFC 8446. */
    TLS_1_3("1.3");

    private final String number;

    TlsVersion(String number) {
        this.number = number;
    }

    /** Such as {@code 1.2}. */
    public String number() {
        return number;
    }
}
