package io.posthorn.dispatch;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why a connection failed, in a few words that hold nothing of the exception's own text. */
final class FailureText {
    private static final Pattern PROXY_STATUS = Pattern.compile("status: (\\d{3})\\b");

    private static final String CLOSED = "connection closed before the end of the answer";

    private FailureText() {}

    static String of(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            @Nullable String text = known(at);
            if (text != null) {
                return text;
            }
        }
        return "the request failed";
    }

    /**
     * Why there is no connection.
     *
     * @param proxied whether it would have gone through a proxy: then what cannot be reached is the proxy
     */
    static String ofConnecting(Throwable cause, boolean proxied) {
        if (!proxied || cause instanceof SSLException) {
            return of(cause);
        }
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof ProxyConnectException) {
                Matcher status = PROXY_STATUS.matcher(String.valueOf(at.getMessage()));
                return status.find()
                        ? "the proxy refused to connect: status " + status.group(1)
                        : "the proxy did not connect";
            }
        }
        return cause instanceof TimeoutException ? "the proxy timed out" : "the proxy cannot be reached";
    }

    private static @Nullable String known(Throwable cause) {
        String name = cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
            return TlsFailureText.of(cause);
        }
        if (cause instanceof TimeoutException || name.contains("timeout")) {
            return "connection timed out";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to host";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        if (cause instanceof HttpClosedException
                || cause instanceof StreamResetException
                || cause == NetSocketInternal.CLOSED_EXCEPTION) {
            return CLOSED;
        }
        if (cause instanceof Http2Exception wrong) {
            return wrong.error() == Http2Error.REFUSED_STREAM ? CLOSED : "the answer is not HTTP";
        }
        if (name.contains("toolong") || name.contains("decoder") || name.contains("lineseparator")) {
            return "the answer is not HTTP";
        }
        // The decoder's own: a length that is no number, a status line of another protocol.
        if (cause instanceof IllegalArgumentException
                || String.valueOf(cause.getMessage()).startsWith("Unsupported HTTP version")) {
            return "the answer is not HTTP";
        }
        return cause instanceof IOException ? "connection reset" : null;
    }
}
