package io.posthorn.config;

import java.io.Serializable;

/**
 * One thing that is wrong with the settings.
 *
 * @param key the setting's key, such as {@code dispatch.timeout}, or the name that is unknown
 * @param text the whole line for the operator; holds no secret
 */
public record SettingProblem(String key, String text) implements Serializable {
    static SettingProblem outOfBounds(String key, String value, String expected) {
        return new SettingProblem(key, key + ": " + value + " (expected: " + expected + ")");
    }
}
