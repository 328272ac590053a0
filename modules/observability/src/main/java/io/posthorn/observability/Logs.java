package io.posthorn.observability;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.posthorn.config.LogFormat;
import io.posthorn.config.ObservabilityConfig;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/** The logs of this process: lines on standard error, as text or JSON. */
public final class Logs {
    private Logs() {}

    /** Replaces whatever was set up before. Called once, before anything else starts. */
    public static void setUp(ObservabilityConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(config.logFormat(), context));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(config.logLevel(), Level.INFO));
        root.addAppender(appender);
        context.getLogger("io.netty").setLevel(Level.INFO);
        // Receivers would write the log: a line for each frame of an answer that was broken off, and for each
        // connection
        // that ends before it is used.
        context.getLogger("io.netty.handler.codec.http2").setLevel(Level.WARN);
        context.getLogger("io.vertx.core.http.impl.HttpClientConnectionInternal")
                .setLevel(Level.ERROR);
        // It tells of every connection and partition at info, and that Java keeps parts of itself closed, which it
        // lives with.
        context.getLogger("com.hazelcast").setLevel(Level.WARN);
        context.getLogger("com.hazelcast.internal.util.ModularJavaUtils").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
        if (format == LogFormat.JSON) {
            LogstashEncoder json = new LogstashEncoder();
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{24} %replace(%kvp ){'^ $', ''}%msg%n");
        text.start();
        return text;
    }
}
