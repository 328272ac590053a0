package io.posthorn.dispatch;

import org.jspecify.annotations.Nullable;

/** The name that receivers see. */
final class UserAgent {
    private UserAgent() {}

    static String text() {
        @Nullable String version = UserAgent.class.getPackage().getImplementationVersion();
        return version == null ? "Posthorn" : "Posthorn/" + version;
    }
}
