package io.posthorn.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the bytes of an HTTP/1.1 connection to the request that they answer. What a receiver sends without being asked, or behind the
 * end of an answer, would stay in the decoder and become the beginning of the next answer, so that one delivery is settled by what was
 * said of another: such a connection is closed at the first such byte. Closes it too when 64 KiB came and no final answer begins. On
 * the channel's event loop.
 */
final class AnswerBounds {
    /** Interim answers (1xx), empty lines and headers together; the decoder bounds one line and one set of headers. */
    private static final int MOST_BEFORE_FINAL_ANSWER = 64 * 1024;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL = 200;

    private boolean awaited;
    private boolean begun;
    private boolean closed;
    private boolean moreBehind;
    private boolean interim;

    /** How many bytes of the awaited answer went to the decoder. */
    private long passed;

    /** What the decoder is reading, where that is all that came of the answer; null else. */
    private @Nullable ByteBuf whole;

    private AnswerBounds() {}

    /** Watches a connection that was just made. What goes wrong on it is told by the attempt that it concerns, and nowhere else. */
    static void watch(HttpConnection connection) {
        connection.exceptionHandler(cause -> {});
        if (connection instanceof HttpClientConnectionInternal internal) {
            ChannelPipeline pipeline = internal.channelHandlerContext().pipeline();
            @Nullable ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
            if (codec != null) {
                AnswerBounds bounds = new AnswerBounds();
                pipeline.addBefore(codec.name(), "answer-bytes", bounds.new Bytes());
                pipeline.addAfter(codec.name(), "answer-parts", bounds.new Parts());
            }
        }
    }

    private void shut(ChannelHandlerContext context) {
        closed = true;
        // The attempt learns of it when the connection is gone.
        context.channel().close().addListener(gone -> {});
    }

    /** In front of the decoder. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes)) {
                context.fireChannelRead(message);
                return;
            }
            int size = bytes.readableBytes();
            if (closed || !awaited || (!begun && passed > MOST_BEFORE_FINAL_ANSWER)) {
                bytes.release();
                shut(context);
                return;
            }
            if (passed == 0 && bytes.isContiguous()) {
                // The decoder reads from these bytes themselves, having none of before.
                passed = size;
                whole = bytes;
                context.fireChannelRead(bytes);
                whole = null;
            } else {
                passInTwo(context, bytes, size);
            }
        }

        /** The last byte goes alone: an answer that ends before it has something behind it. */
        private void passInTwo(ChannelHandlerContext context, ByteBuf bytes, int size) {
            passed += size;
            if (size > 1) {
                moreBehind = true;
                context.fireChannelRead(bytes.readRetainedSlice(size - 1));
                moreBehind = false;
            }
            if (closed) {
                bytes.release();
            } else {
                context.fireChannelRead(bytes);
            }
        }
    }

    /** Behind the decoder. */
    private final class Parts extends ChannelDuplexHandler {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof HttpRequest) {
                awaited = true;
                begun = false;
                passed = 0;
            }
            super.write(context, message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (closed) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof HttpResponse response) {
                int status = response.status().code();
                interim = status < FIRST_FINAL && status != SWITCHING_PROTOCOLS;
                begun = !interim;
            }
            if (message instanceof LastHttpContent && !interim) {
                awaited = false;
                if (moreBehind || (whole != null && whole.isReadable())) {
                    shut(context);
                }
            }
            context.fireChannelRead(message);
        }
    }
}
