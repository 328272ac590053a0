package io.posthorn.benchmarks.profile;

/** The stages of a message's way, and what else takes time in the process; in the order in which they are shown. */
public enum MessageStage {
    ACCEPT("accept (request, route, body)"),
    AUTHENTICATE("authenticate"),
    PARSE("parse and validate"),
    APPEND("append (batch, rows, queues)"),
    FLUSH("flush (the store's write)"),
    ANSWER("answer"),
    CLAIM("claim"),
    SIGN("sign"),
    SEND("send (pool, request)"),
    JUDGE("judge (response, verdict)"),
    SETTLE("settle"),
    STORE("store, any operation"),
    REDIS_CLIENT("redis client"),
    HAND_OFF("hand-offs (bus, wake-ups)"),
    SOCKET_READ("socket reads, either side"),
    EVENT_LOOP("event loops themselves"),
    METRICS("metrics"),
    BACKGROUND("store's background work"),
    COLLECTOR("collector"),
    COMPILER("compiler"),
    RECORDER("the profile itself"),
    OTHER("other"),
    UNATTRIBUTED("unattributed");

    private final String label;

    MessageStage(String label) {
        this.label = label;
    }

    /** As it is shown. */
    public String label() {
        return label;
    }
}
