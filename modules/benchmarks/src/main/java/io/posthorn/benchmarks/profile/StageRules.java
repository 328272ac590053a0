package io.posthorn.benchmarks.profile;

import static io.posthorn.benchmarks.profile.MessageStage.ACCEPT;
import static io.posthorn.benchmarks.profile.MessageStage.ANSWER;
import static io.posthorn.benchmarks.profile.MessageStage.APPEND;
import static io.posthorn.benchmarks.profile.MessageStage.AUTHENTICATE;
import static io.posthorn.benchmarks.profile.MessageStage.BACKGROUND;
import static io.posthorn.benchmarks.profile.MessageStage.CLAIM;
import static io.posthorn.benchmarks.profile.MessageStage.COLLECTOR;
import static io.posthorn.benchmarks.profile.MessageStage.COMPILER;
import static io.posthorn.benchmarks.profile.MessageStage.EVENT_LOOP;
import static io.posthorn.benchmarks.profile.MessageStage.FLUSH;
import static io.posthorn.benchmarks.profile.MessageStage.HAND_OFF;
import static io.posthorn.benchmarks.profile.MessageStage.JUDGE;
import static io.posthorn.benchmarks.profile.MessageStage.METRICS;
import static io.posthorn.benchmarks.profile.MessageStage.OTHER;
import static io.posthorn.benchmarks.profile.MessageStage.PARSE;
import static io.posthorn.benchmarks.profile.MessageStage.RECORDER;
import static io.posthorn.benchmarks.profile.MessageStage.REDIS_CLIENT;
import static io.posthorn.benchmarks.profile.MessageStage.SEND;
import static io.posthorn.benchmarks.profile.MessageStage.SETTLE;
import static io.posthorn.benchmarks.profile.MessageStage.SIGN;
import static io.posthorn.benchmarks.profile.MessageStage.SOCKET_READ;
import static io.posthorn.benchmarks.profile.MessageStage.STORE;
import static io.posthorn.benchmarks.profile.MessageStage.UNATTRIBUTED;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells the stage of a stack: first by the frame nearest to the top that is known to serve one stage, then by what is
 * anywhere on the stack, and for threads that never run Java by their name.
 */
final class StageRules {
    private static final String INGESTION = "io.posthorn.ingestion.";
    private static final String DISPATCH = "io.posthorn.dispatch.";
    private static final String LOCAL = "io.posthorn.storage.local.";
    private static final String REDIS = "io.posthorn.storage.redis.";
    private static final String HTTP = "io.vertx.core.http.impl.";
    private static final String CODEC = "io.netty.handler.codec.http.";

    /** From the top of the stack downwards: the first frame that a rule matches decides, by the first such rule. */
    private static final List<Rule> NEAREST = List.of(
            Rule.of(AUTHENTICATE, INGESTION + "Authentication"),
            Rule.of(AUTHENTICATE, INGESTION + "Access"),
            Rule.of(AUTHENTICATE, INGESTION + "SigningKeys"),
            Rule.of(AUTHENTICATE, INGESTION + "Caller"),
            Rule.of(ANSWER, INGESTION + "ApiServer", "write", "answer", "refuse", "fail"),
            Rule.of(ANSWER, INGESTION + "Reply"),
            Rule.of(ANSWER, INGESTION + "ResponseHeaders"),
            Rule.of(ANSWER, INGESTION + "ErrorResponses"),
            Rule.of(ANSWER, INGESTION + "MessageJson"),
            Rule.of(APPEND, INGESTION + "Batcher"),
            Rule.of(APPEND, INGESTION + "MessageAcceptance"),
            Rule.of(METRICS, INGESTION + "IngestionMetrics"),
            Rule.of(ACCEPT, INGESTION),
            Rule.of(PARSE, "io.posthorn.validation."),
            Rule.of(APPEND, LOCAL + "Appender"),
            Rule.of(APPEND, REDIS + "Appender"),
            Rule.of(FLUSH, LOCAL + "RocksMap", "write", "note"),
            Rule.of(FLUSH, LOCAL + "FlushMark"),
            Rule.of(FLUSH, LOCAL + "MemoryMap", "write"),
            Rule.of(FLUSH, LOCAL + "StoreThread", "commit"),
            Rule.of(HAND_OFF, LOCAL + "StoreThread"),
            Rule.of(CLAIM, LOCAL + "Claimer"),
            Rule.of(CLAIM, REDIS + "Claimer"),
            Rule.of(CLAIM, REDIS + "DeliveryReader"),
            Rule.of(CLAIM, "io.posthorn.storage.WaitingClaims"),
            Rule.of(CLAIM, DISPATCH + "ClaimLoop"),
            Rule.of(CLAIM, DISPATCH + "Slots"),
            Rule.of(CLAIM, DISPATCH + "LeaseTime"),
            Rule.of(CLAIM, DISPATCH + "Permits"),
            Rule.of(SIGN, DISPATCH + "Signer"),
            Rule.of(SIGN, DISPATCH + "SigningKey"),
            Rule.of(JUDGE, DISPATCH + "Exchange", "read", "take", "body", "end", "send$"),
            Rule.of(JUDGE, DISPATCH + "Deliverer", "finished", "attempt$"),
            Rule.of(JUDGE, DISPATCH + "Judge"),
            Rule.of(JUDGE, DISPATCH + "EndpointHealth"),
            Rule.of(JUDGE, DISPATCH + "ResponseText"),
            Rule.of(JUDGE, DISPATCH + "AttemptOutcome"),
            Rule.of(SETTLE, DISPATCH + "Deliverer", "settle"),
            Rule.of(SETTLE, DISPATCH + "Settler"),
            Rule.of(SETTLE, LOCAL + "Settler"),
            Rule.of(SETTLE, REDIS + "Settler"),
            Rule.of(METRICS, DISPATCH + "DispatchMetrics"),
            Rule.of(SEND, DISPATCH + "Exchange"),
            Rule.of(SEND, DISPATCH + "Deliverer"),
            Rule.of(SEND, DISPATCH + "AttemptSender"),
            Rule.of(SEND, DISPATCH + "AttemptHeaders"),
            Rule.of(SEND, DISPATCH + "EgressGuard"),
            Rule.of(SEND, DISPATCH + "Connector"),
            Rule.of(SEND, DISPATCH + "AddressOrder"),
            Rule.of(SEND, DISPATCH + "Link"),
            Rule.of(SEND, DISPATCH + "OwnTlsClients"),
            Rule.of(SEND, DISPATCH + "Target"),
            Rule.of(SEND, DISPATCH + "UnderWay"),
            Rule.of(METRICS, "io.posthorn.observability."),
            Rule.of(METRICS, "io.micrometer."),
            Rule.of(BACKGROUND, LOCAL + "Retention"),
            Rule.of(BACKGROUND, LOCAL + "Reclaimer"),
            Rule.of(BACKGROUND, LOCAL + "Steward"),
            Rule.of(BACKGROUND, REDIS + "Sweeper"),
            Rule.of(BACKGROUND, REDIS + "Steward"),
            Rule.of(BACKGROUND, "io.posthorn.storage.Sweeps"),
            Rule.of(REDIS_CLIENT, "io.vertx.redis."),
            Rule.of(HAND_OFF, "io.posthorn.bus."),
            Rule.of(HAND_OFF, "io.posthorn.storage.EngineCalls"),
            Rule.of(HAND_OFF, "io.vertx.core.eventbus."),
            Rule.of(HAND_OFF, "io.netty.util.concurrent.SingleThreadEventExecutor", "execute"),
            Rule.of(HAND_OFF, "sun.nio.ch.EventFD"),
            Rule.of(HAND_OFF, "io.netty.channel.epoll.Native", "eventFdWrite"));

    /** Where no frame above is on the stack: the first rule that matches any frame decides. */
    private static final List<Rule> ANYWHERE = List.of(
            Rule.of(STORE, LOCAL),
            Rule.of(REDIS_CLIENT, REDIS),
            Rule.of(HAND_OFF, "io.posthorn.storage."),
            Rule.of(SEND, DISPATCH),
            Rule.of(OTHER, "io.posthorn."),
            Rule.of(JUDGE, HTTP + "Http1xClientConnection", "handle", "validate", "read", "on", "receive"),
            Rule.of(SEND, HTTP + "Http1xClientConnection"),
            Rule.of(JUDGE, CODEC + "HttpClientCodec"),
            Rule.of(JUDGE, CODEC + "HttpResponseDecoder"),
            Rule.of(JUDGE, HTTP + "HttpClientResponseImpl"),
            // Of the codecs in use only the client's is two in one.
            Rule.of(JUDGE, "io.netty.channel.CombinedChannelDuplexHandler"),
            Rule.of(SEND, "io.vertx.core.internal.pool."),
            Rule.of(SEND, "io.vertx.core.net.endpoint."),
            Rule.of(ANSWER, HTTP + "Http1xServerResponse"),
            Rule.of(ACCEPT, HTTP + "Http1xServerConnection"),
            Rule.of(ACCEPT, HTTP + "Http1xServerRequest"),
            Rule.of(ACCEPT, "io.vertx.ext.web."),
            Rule.of(ACCEPT, CODEC),
            Rule.of(ACCEPT, "io.vertx.core.net.impl.NetServerImpl"),
            // Only the Redis client talks over plain sockets.
            Rule.of(REDIS_CLIENT, "io.vertx.core.net.impl.NetSocketImpl", "handleMessage", "write"),
            Rule.of(OTHER, "io.vertx.core.internal.threadchecker."),
            Rule.of(OTHER, "com.github.benmanes.caffeine."),
            Rule.of(RECORDER, "jdk.jfr."),
            Rule.of(RECORDER, "sun.rmi."),
            Rule.of(RECORDER, "javax.management."),
            Rule.of(RECORDER, "com.sun.jmx."),
            Rule.of(SOCKET_READ, "io.netty.channel.nio.AbstractNioByteChannel", "read"),
            Rule.of(SOCKET_READ, "io.netty.channel.nio.AbstractNioByteChannel$NioByteUnsafe", "read"),
            Rule.of(SOCKET_READ, "io.netty.channel.epoll.AbstractEpollStreamChannel$EpollStreamUnsafe", "epollInReady"),
            Rule.of(EVENT_LOOP, "io.netty.channel."),
            Rule.of(EVENT_LOOP, "io.netty.util.concurrent."),
            Rule.of(EVENT_LOOP, "sun.nio.ch.SelectorImpl"),
            Rule.of(BACKGROUND, "org.rocksdb."));

    /** The beginnings of the names of threads that never run Java. */
    private static final Map<String, MessageStage> THREADS = Map.of(
            "C1 Compiler", COMPILER,
            "C2 Compiler", COMPILER,
            "Sweeper", COMPILER,
            "GC Thread", COLLECTOR,
            "G1 ", COLLECTOR,
            "VM Thread", COLLECTOR,
            "rocksdb:", BACKGROUND,
            "JFR ", RECORDER,
            "RMI ", RECORDER,
            "Attach Listen", RECORDER);

    /** In these a thread waits and uses no processor. */
    private static final List<Rule> WAITS = List.of(
            Rule.of(OTHER, "sun.nio.ch.EPoll", "wait"),
            Rule.of(OTHER, "sun.nio.ch.Net", "poll", "accept"),
            Rule.of(OTHER, "io.netty.channel.epoll.Native", "epollWait", "epollBusyWait"),
            Rule.of(OTHER, "jdk.internal.misc.Unsafe", "park"),
            Rule.of(OTHER, "java.lang.Object", "wait"),
            Rule.of(OTHER, "java.lang.Thread", "sleep"),
            Rule.of(OTHER, "java.lang.ProcessHandleImpl", "waitForProcessExit"),
            Rule.of(OTHER, "java.lang.ref.Reference", "waitForReferencePendingList"));

    private StageRules() {}

    /** All classes and packages that the table names. */
    static Stream<String> types() {
        return Stream.of(NEAREST, ANYWHERE, WAITS).flatMap(List::stream).map(Rule::type);
    }

    /** The stage of a stack, whose top comes first. */
    static MessageStage of(List<Frame> stack) {
        for (Frame frame : stack) {
            for (Rule rule : NEAREST) {
                if (rule.matches(frame)) {
                    return rule.stage();
                }
            }
        }
        for (Rule rule : ANYWHERE) {
            if (stack.stream().anyMatch(rule::matches)) {
                return rule.stage();
            }
        }
        return UNATTRIBUTED;
    }

    /** The stage of a thread of which there are no stacks. */
    static MessageStage ofThread(String name) {
        return THREADS.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(UNATTRIBUTED);
    }

    /** Whether a stack is that of a thread that only waits. */
    static boolean waits(List<Frame> stack) {
        return !stack.isEmpty() && WAITS.stream().anyMatch(rule -> rule.matches(stack.get(0)));
    }
}
