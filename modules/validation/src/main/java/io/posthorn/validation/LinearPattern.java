package io.posthorn.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A regular expression of a schema, matched in time linear in the text: never by going back. What cannot be matched so
 * (look-around, references back) is refused. Matching counts against the {@link Budget} of its thread.
 */
final class LinearPattern implements RegularExpression {
    private static final int MAX_CHARACTERS = 1_000;

    /** The most that a pattern comes to with its counted repeats written out. */
    private static final long MAX_SIZE = 10_000;

    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;

    private final Pattern pattern;
    private final int cost;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
        // A character is held against the parts of the pattern that could match there, usually few.
        this.cost = 1 + pattern.programSize() / 8;
    }

    /** Throws IllegalArgumentException with what is wrong, fit for a caller. */
    static LinearPattern compile(String regex) {
        if (regex.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("a pattern of at most " + MAX_CHARACTERS + " characters was expected");
        }
        if (size(regex) > MAX_SIZE) {
            throw new IllegalArgumentException("its repeats come to more than " + MAX_SIZE + " parts");
        }
        try {
            return new LinearPattern(Pattern.compile(withoutUnicodeEscapes(regex)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "it is not in the syntax of RE2, which has no look-around and no back-references: "
                            + e.getDescription(),
                    e);
        }
    }

    @Override
    public boolean matches(String value) {
        return pattern.matcher(new Counted(value, cost, Budget.current())).find();
    }

    /** {@code \}{@code u0041} of ECMA-262 as RE2 writes it; a pair of surrogates becomes one character. */
    private static String withoutUnicodeEscapes(String regex) {
        if (!regex.contains("\\u")) {
            return regex;
        }
        StringBuilder out = new StringBuilder(regex.length());
        int at = 0;
        while (at < regex.length()) {
            int unit = unitAt(regex, at);
            if (unit >= 0) {
                int low = Character.isHighSurrogate((char) unit) ? unitAt(regex, at + 2 + HEX_DIGITS) : -1;
                boolean isPair = low >= 0 && Character.isLowSurrogate((char) low);
                int codePoint = isPair ? Character.toCodePoint((char) unit, (char) low) : unit;
                out.append("\\x{").append(Integer.toHexString(codePoint)).append('}');
                at += (isPair ? 2 : 1) * (2 + HEX_DIGITS);
            } else {
                int end = Math.min(regex.length(), at + (regex.charAt(at) == '\\' ? 2 : 1));
                out.append(regex, at, end);
                at = end;
            }
        }
        return out.toString();
    }

    /** The code unit escaped there, or -1. */
    private static int unitAt(String regex, int at) {
        int end = at + 2 + HEX_DIGITS;
        if (end > regex.length() || regex.charAt(at) != '\\' || regex.charAt(at + 1) != 'u') {
            return -1;
        }
        try {
            return Integer.parseUnsignedInt(regex, at + 2, end, HEX);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** How many parts the pattern has when {@code x{3}} is written as {@code xxx}; an upper bound, not exact. */
    private static long size(String regex) {
        Deque<Long> before = new ArrayDeque<>();
        long size = 0;
        long last = 0;
        int at = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            int next = at + 1;
            if (c == '\\') {
                next = at + 2;
            } else if (c == '[') {
                next = endOfClass(regex, at);
            }
            if (c == '(') {
                before.push(size);
                size = 0;
                last = 1;
            } else if (c == ')' && !before.isEmpty()) {
                last = size + 2;
                size = before.pop() + last;
            } else if (c == '{' && repeat(regex, at) > 1) {
                long times = repeat(regex, at);
                size += last * (times - 1);
                last *= times;
                next = regex.indexOf('}', at) + 1;
            } else {
                last = 1;
                size++;
            }
            if (size > MAX_SIZE) {
                return size;
            }
            at = next;
        }
        return size;
    }

    private static int endOfClass(String regex, int start) {
        int at = start + 1;
        while (at < regex.length() && regex.charAt(at) != ']') {
            at += regex.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** The greatest count of {@code {n}}, {@code {n,}} or {@code {n,m}}; 0 where it is none. */
    private static long repeat(String regex, int at) {
        int end = regex.indexOf('}', at);
        long most = 0;
        for (int i = at + 1, number = 0; i < end; i++) {
            char c = regex.charAt(i);
            if (c == ',') {
                number = 0;
            } else if (c >= '0' && c <= '9' && i - at < 10) {
                number = number * 10 + (c - '0');
                most = Math.max(most, number);
            } else {
                return 0;
            }
        }
        return most;
    }

    /** A text that counts each look at one of its characters. */
    private record Counted(String text, int cost, Budget budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.spend(cost);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
