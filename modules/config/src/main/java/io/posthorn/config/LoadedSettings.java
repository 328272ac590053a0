package io.posthorn.config;

import java.util.List;

/**
 * What was loaded.
 *
 * @param notices what the operator should know, such as a variable that this version does not act on; one line each
 */
public record LoadedSettings(Settings settings, List<String> notices) {
    public LoadedSettings {
        notices = List.copyOf(notices);
    }
}
