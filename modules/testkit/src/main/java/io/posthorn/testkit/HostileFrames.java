package io.posthorn.testkit;

import io.posthorn.testkit.FrameReceiver.Line;
import io.posthorn.testkit.FrameReceiver.Script;
import io.vertx.core.buffer.Buffer;

/** What a {@link FrameReceiver} does to its clients: retires them, resets them, floods them, or breaks the protocol. */
public enum HostileFrames implements Script {
    GOES_AWAY_AT_ONCE,
    GOES_AWAY_AT_THE_REQUEST,
    GOES_AWAY_AND_SAYS_NOTHING,
    GOES_AWAY_AFTER_THE_HEADERS,
    GOES_AWAY_AFTER_THE_HEADERS_FORGETTING_THEM,
    GOES_AWAY_WITHIN_THE_BODY,
    GOES_AWAY_AFTER_THE_ANSWER,
    STORM_OF_GOAWAYS,
    STORM_OF_GOAWAYS_WITH_REASONS,
    RESETS,
    RESETS_WITHIN_THE_BODY,
    STORM_OF_RESETS,
    STORM_OF_SETTINGS,
    STORM_OF_ACKNOWLEDGEMENTS,
    STORM_OF_PINGS,
    STORM_OF_PRIORITIES,
    STORM_OF_WINDOW_UPDATES,
    STORM_OF_UNKNOWN_FRAMES,
    STORM_OF_EMPTY_DATA,
    STORM_OF_HINTS,
    STORM_OF_CONTINUATIONS,
    STORM_AFTER_THE_ANSWER,
    ENDLESS_BODY,
    BODY_AFTER_THE_ANSWER,
    PACKED_HEADERS,
    FRAME_TOO_LARGE,
    PROMISES,
    ANSWERS_ANOTHER_STREAM,
    ANSWERS_WITHOUT_A_STATUS,
    ANSWERS_IN_HTTP1,
    TAKES_NO_STREAM,
    TAKES_NO_BODY,
    SAYS_NOTHING,
    SAYS_NOTHING_AT_ALL;

    private static final int NO_ERROR = 0;
    private static final int REFUSED = 7;
    private static final int CALM_DOWN = 11;
    private static final int ANY = Integer.MAX_VALUE;
    private static final int NO_FLAGS = 0;

    @Override
    public void connected(Line line) {
        switch (this) {
            case SAYS_NOTHING_AT_ALL -> {}
            case ANSWERS_IN_HTTP1 -> line.write(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            case GOES_AWAY_AT_ONCE -> line.write(Frames.settings(), Frames.goAway(0, NO_ERROR, ""));
            case TAKES_NO_STREAM -> line.write(Frames.settings(Frames.MOST_STREAMS, 0));
            case TAKES_NO_BODY -> line.write(Frames.settings(Frames.INITIAL_WINDOW, 0));
            default -> line.write(Frames.settings());
        }
    }

    @Override
    public void settled(Line line) {
        if (this != SAYS_NOTHING_AT_ALL) {
            line.write(Frames.settingsAck());
        }
    }

    @Override
    public void requested(Line line, int stream) {
        switch (this) {
            case GOES_AWAY_AT_THE_REQUEST -> line.write(Frames.goAway(0, CALM_DOWN, ""));
            case GOES_AWAY_AND_SAYS_NOTHING -> line.write(Frames.goAway(ANY, NO_ERROR, ""));
            case GOES_AWAY_AFTER_THE_HEADERS -> line.write(begin(stream), Frames.goAway(stream, NO_ERROR, ""));
            case GOES_AWAY_AFTER_THE_HEADERS_FORGETTING_THEM ->
                line.write(begin(stream), Frames.goAway(0, NO_ERROR, ""));
            case GOES_AWAY_WITHIN_THE_BODY ->
                line.write(begin(stream), Frames.data(stream, NO_FLAGS, "half"), Frames.goAway(0, CALM_DOWN, ""));
            case GOES_AWAY_AFTER_THE_ANSWER -> line.write(whole(stream), Frames.goAway(stream, NO_ERROR, ""));
            case RESETS -> line.write(Frames.reset(stream, REFUSED));
            case RESETS_WITHIN_THE_BODY ->
                line.write(begin(stream), Frames.data(stream, NO_FLAGS, "half"), Frames.reset(stream, REFUSED));
            case STORM_OF_EMPTY_DATA -> {
                line.write(begin(stream));
                line.endless(Frames.data(stream, NO_FLAGS, ""));
            }
            case STORM_OF_CONTINUATIONS -> {
                line.write(Frames.ok(stream, NO_FLAGS));
                line.endless(Frames.continuation(stream));
            }
            case STORM_AFTER_THE_ANSWER -> {
                line.write(whole(stream));
                line.endless(Frames.ping());
            }
            case ENDLESS_BODY -> {
                line.write(begin(stream));
                line.endless(Frames.data(stream, NO_FLAGS, "x".repeat(1000)));
            }
            case BODY_AFTER_THE_ANSWER -> {
                line.write(whole(stream));
                line.endless(Frames.data(stream, NO_FLAGS, "x".repeat(1000)));
            }
            case PACKED_HEADERS -> line.write(Frames.bomb(stream, 10_000));
            case FRAME_TOO_LARGE -> line.write(begin(stream), Frames.data(stream, NO_FLAGS, "x".repeat(1 << 20)));
            case PROMISES -> line.write(Frames.promise(stream, 2), whole(2));
            case ANSWERS_ANOTHER_STREAM -> line.write(begin(stream + 2), Frames.data(stream + 2, NO_FLAGS, "x"));
            case ANSWERS_WITHOUT_A_STATUS ->
                line.write(Frames.status(stream, Frames.END_HEADERS | Frames.END_STREAM, "no!"));
            case SAYS_NOTHING, SAYS_NOTHING_AT_ALL, ANSWERS_IN_HTTP1, GOES_AWAY_AT_ONCE -> {}
            case TAKES_NO_STREAM, TAKES_NO_BODY -> {}
            default -> line.endless(storm(stream));
        }
    }

    private Buffer storm(int stream) {
        return switch (this) {
            case STORM_OF_GOAWAYS -> Frames.goAway(stream, NO_ERROR, "");
            case STORM_OF_GOAWAYS_WITH_REASONS -> Frames.goAway(stream, NO_ERROR, "because ".repeat(2000));
            case STORM_OF_RESETS -> Frames.reset(stream, REFUSED);
            case STORM_OF_SETTINGS -> Frames.settings(Frames.MOST_STREAMS, 100);
            case STORM_OF_ACKNOWLEDGEMENTS -> Frames.settingsAck();
            case STORM_OF_PINGS -> Frames.ping();
            case STORM_OF_PRIORITIES -> Frames.priority(stream);
            case STORM_OF_WINDOW_UPDATES -> Frames.windowUpdate(0);
            case STORM_OF_UNKNOWN_FRAMES -> Frames.unknown();
            case STORM_OF_HINTS -> Frames.status(stream, Frames.END_HEADERS, "103");
            default -> throw new IllegalStateException(name());
        };
    }

    private static Buffer begin(int stream) {
        return Frames.ok(stream, Frames.END_HEADERS);
    }

    private static Buffer whole(int stream) {
        return begin(stream).appendBuffer(Frames.data(stream, Frames.END_STREAM, "ok"));
    }
}
