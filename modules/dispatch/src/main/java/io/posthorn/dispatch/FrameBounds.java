package io.posthorn.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what comes on an HTTP/2 connection by the number of requests that were sent on it. The deadline of an attempt ends its
 * stream and not the connection, on which a receiver could go on for as long as the connection lives: with pings and settings, to
 * each of which an answer is due, with interim answers, or with the body of an answer that nobody waits for any more. A connection
 * on which more comes is closed; so is one that does not begin in time, and one that begins by letting in no request. In front of
 * the decoder, on the channel's event loop.
 */
final class FrameBounds extends ChannelInboundHandlerAdapter {
    /** Frames other than of bodies: settings, pings and windows of a connection that lives long. */
    private static final long MOST_FRAMES = 1000;

    /** Headers, interim answers, and two windows for each 16 KiB of a payload of a megabyte, with room to spare. */
    private static final long MOST_FRAMES_A_REQUEST = 256;

    private static final long MOST_BYTES = 1024 * 1024;

    /** On top of what is kept of a body: headers, and what was on its way when the stream was reset (a window of 64 KiB). */
    private static final long MOST_BYTES_A_REQUEST = 256 * 1024;

    private final Http2ConnectionHandler codec;
    private final long mostBytesARequest;
    private final Duration patience;
    private final FrameScan scan = new FrameScan();
    private boolean closed;

    private FrameBounds(Http2ConnectionHandler codec, int maxBodyBytes, Duration patience) {
        this.codec = codec;
        this.mostBytesARequest = MOST_BYTES_A_REQUEST + maxBodyBytes;
        this.patience = patience;
    }

    /**
     * Watches a connection that has read nothing yet, where it is to speak HTTP/2.
     *
     * @param maxBodyBytes how much of a body is kept
     * @param patience until the receiver's settings must have come
     */
    static void watch(ChannelPipeline pipeline, int maxBodyBytes, Duration patience) {
        @Nullable ChannelHandlerContext codec = pipeline.context(Http2ConnectionHandler.class);
        if (codec != null) {
            Http2ConnectionHandler handler = (Http2ConnectionHandler) codec.handler();
            pipeline.addBefore(codec.name(), "frame-bounds", new FrameBounds(handler, maxBodyBytes, patience));
        }
    }

    /** Whether this connection is watched: it speaks HTTP/2. */
    static boolean watches(HttpConnection connection) {
        return connection instanceof HttpClientConnectionInternal internal
                && internal.channelHandlerContext().pipeline().context(FrameBounds.class) != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (!scan.isBegun()) {
                                shut(context);
                            }
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS)
                .addListener(looked -> {});
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf received)) {
            context.fireChannelRead(message);
            return;
        }
        if (!closed) {
            scan.read(received);
            // The client's pool, told of a connection without any stream, spoils the list of those that wait for one.
            if (scan.letsInNothing() || isTooMuch()) {
                shut(context);
            }
        }
        if (closed) {
            received.release();
        } else {
            context.fireChannelRead(received);
        }
    }

    private boolean isTooMuch() {
        // Ids of requests are odd, one after the other.
        long requests = (codec.connection().local().lastStreamCreated() + 1L) / 2;
        return scan.frames() > MOST_FRAMES + MOST_FRAMES_A_REQUEST * requests
                || scan.bytes() > MOST_BYTES + mostBytesARequest * requests;
    }

    private void shut(ChannelHandlerContext context) {
        closed = true;
        // The attempts learn of it when the connection is gone.
        context.close().addListener(gone -> {});
    }
}
