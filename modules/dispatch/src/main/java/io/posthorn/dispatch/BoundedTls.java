package io.posthorn.dispatch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The TLS of the JDK, which puts {@link FrameBounds} on connections that agree on HTTP/2, before anything is read from them. The
 * client tells of a connection only after the receiver's settings, which it awaits without end and believes whatever they say.
 */
final class BoundedTls extends SSLEngineOptions {
    private final int maxBodyBytes;
    private final Duration patience;

    /**
     * @param maxBodyBytes how much of a body is kept
     * @param patience from the end of the handshake to the receiver's settings
     */
    BoundedTls(int maxBodyBytes, Duration patience) {
        this.maxBodyBytes = maxBodyBytes;
        this.patience = patience;
    }

    private BoundedTls(BoundedTls other) {
        super(other);
        this.maxBodyBytes = other.maxBodyBytes;
        this.patience = other.patience;
    }

    @Override
    public SSLEngineOptions copy() {
        return new BoundedTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new Context(super.create());
            }
        };
    }

    private final class Context extends DelegatingSslContext {
        Context(SslContext context) {
            super(context);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // As it was made.
        }

        @Override
        protected void initHandler(SslHandler handler) {
            handler.handshakeFuture().addListener((Future<Channel> shaken) -> {
                if (shaken.isSuccess() && ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
                    ChannelPipeline pipeline = shaken.getNow().pipeline();
                    pipeline.addAfter(pipeline.context(handler).name(), "frame-bounds-to-be", new Watching());
                }
            });
        }
    }

    /** Stands between TLS and the client when the client is told of the handshake, and in its turn adds the decoder. */
    private final class Watching extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            ChannelPipeline pipeline = context.pipeline();
            context.fireUserEventTriggered(event);
            // The client has removed this one by then, with all that it finds behind TLS.
            FrameBounds.watch(pipeline, maxBodyBytes, patience);
        }
    }
}
