package io.posthorn.config;

/** How log lines look. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** For machines: one JSON object a line. */
    JSON
}
