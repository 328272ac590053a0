package io.posthorn.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageRulesTest {
    private static final String SERVER =
            " < io.vertx.core.http.impl.Http1xServerConnection.handleMessage < io.netty.channel.nio.NioIoHandler.run";
    private static final String CLIENT = " < io.vertx.core.http.impl.Http1xClientConnection.handleMessage"
            + " < io.netty.channel.nio.NioIoHandler.run";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ACCEPT, io.posthorn.ingestion.BodyReader.read",
        "ACCEPT, io.posthorn.ingestion.ApiServer.prepare",
        "ANSWER, io.posthorn.ingestion.ApiServer.write",
        "ANSWER, io.posthorn.ingestion.ApiServer.lambda$answer$3",
        "AUTHENTICATE, io.posthorn.ingestion.Authentication.authenticate",
        "PARSE, io.posthorn.validation.MessageFields.readPayload",
        "APPEND, io.posthorn.ingestion.Batcher$Waiting.item",
        "APPEND, io.posthorn.storage.local.Appender.store",
        "APPEND, io.posthorn.storage.redis.Appender.read",
        "FLUSH, io.posthorn.storage.local.RocksMap.write",
        "STORE, io.posthorn.storage.local.RocksMap.get",
        "CLAIM, io.posthorn.storage.WaitingClaims.look",
        "CLAIM, io.posthorn.storage.local.Claimer.claim",
        "SIGN, io.posthorn.dispatch.SigningKey$Symmetric.sign",
        "SEND, io.posthorn.dispatch.Exchange.connect",
        "SEND, io.posthorn.dispatch.Exchange.send",
        "JUDGE, io.posthorn.dispatch.Exchange.lambda$send$2",
        "JUDGE, io.posthorn.dispatch.Judge$Judgement.succeeded",
        "SETTLE, io.posthorn.dispatch.Settler.flush",
        "SETTLE, io.posthorn.storage.local.Settler.settle",
        "METRICS, io.posthorn.dispatch.DispatchMetrics.attempted",
        "REDIS_CLIENT, io.posthorn.storage.redis.RedisLane.send",
        "HAND_OFF, io.posthorn.bus.Bus.request",
        "OTHER, io.posthorn.health.RoleChecks.check",
    })
    void knowsOurOwnClasses(MessageStage stage, String frame) {
        assertThat(StageRules.of(stack("java.util.HashMap.get < " + frame))).isEqualTo(stage);
    }

    @Test
    void theFrameNearestToTheTopDecides() {
        assertThat(StageRules.of(stack("javax.crypto.Mac.doFinal < io.posthorn.dispatch.Signer.sign"
                        + " < io.posthorn.dispatch.AttemptHeaders.write < io.posthorn.dispatch.Exchange.send"
                        + CLIENT)))
                .isEqualTo(MessageStage.SIGN);
    }

    @Test
    void whatSeveralStagesShareBelongsToItsCaller() {
        assertThat(StageRules.of(stack("org.rocksdb.RocksDB.get < io.posthorn.storage.local.RocksMap.get"
                        + " < io.posthorn.storage.local.Settler.settle < io.posthorn.storage.local.StoreThread.work")))
                .isEqualTo(MessageStage.SETTLE);
    }

    @Test
    void wakingAnotherThreadIsAHandOffWhoeverDoesIt() {
        assertThat(StageRules.of(stack("sun.nio.ch.EventFD.set0 < io.netty.channel.nio.NioIoHandler.wakeup"
                        + " < io.posthorn.dispatch.Settler.flush")))
                .isEqualTo(MessageStage.HAND_OFF);
    }

    @Test
    void withoutOurFramesTheHandlerTellsServerFromClient() {
        String decoder = "io.netty.handler.codec.http.HttpObjectDecoder.readHeaders";
        String loop = " < io.netty.channel.nio.NioIoHandler.run";

        assertThat(StageRules.of(stack(decoder + loop))).isEqualTo(MessageStage.ACCEPT);
        assertThat(StageRules.of(
                        stack(decoder + " < io.netty.handler.codec.http.HttpClientCodec$Decoder.decode" + loop)))
                .isEqualTo(MessageStage.JUDGE);
        assertThat(StageRules.of(stack("java.lang.String.trim" + SERVER))).isEqualTo(MessageStage.ACCEPT);
        assertThat(StageRules.of(stack("java.lang.String.trim" + CLIENT))).isEqualTo(MessageStage.JUDGE);
        assertThat(StageRules.of(
                        stack("java.util.ArrayDeque.poll < io.vertx.core.internal.pool.SimplePool.acquire" + loop)))
                .isEqualTo(MessageStage.SEND);
    }

    @Test
    void aReadThatHasReachedNoHandlerIsOfEitherSide() {
        assertThat(StageRules.of(stack("sun.nio.ch.SocketDispatcher.read0"
                        + " < io.netty.channel.nio.AbstractNioByteChannel$NioByteUnsafe.read"
                        + " < io.netty.channel.nio.NioIoHandler.run")))
                .isEqualTo(MessageStage.SOCKET_READ);
        assertThat(StageRules.of(stack("io.netty.channel.nio.NioIoHandler.run")))
                .isEqualTo(MessageStage.EVENT_LOOP);
    }

    @Test
    void whatNoRuleKnowsIsUnattributed() {
        assertThat(StageRules.of(stack("com.example.Unknown.run"))).isEqualTo(MessageStage.UNATTRIBUTED);
        assertThat(StageRules.of(List.of())).isEqualTo(MessageStage.UNATTRIBUTED);
        // A name that only begins alike is another class.
        assertThat(StageRules.of(stack("io.vertx.core.http.impl.Http1xServerRequestor.run")))
                .isEqualTo(MessageStage.UNATTRIBUTED);
    }

    @ParameterizedTest
    @CsvSource({
        "C2 CompilerThre, COMPILER",
        "GC Thread#1, COLLECTOR",
        "VM Thread, COLLECTOR",
        "rocksdb:high, BACKGROUND",
        "JFR Thread Samp, RECORDER",
        "ended threads, UNATTRIBUTED",
        "vert.x-eventloo, UNATTRIBUTED"
    })
    void threadsWithoutStacksAreKnownByTheirName(String name, MessageStage stage) {
        assertThat(StageRules.ofThread(name)).isEqualTo(stage);
    }

    @ParameterizedTest
    @CsvSource({
        "true, sun.nio.ch.EPoll.wait < sun.nio.ch.SelectorImpl.select",
        "true, io.netty.channel.epoll.Native.epollWait0",
        "true, jdk.internal.misc.Unsafe.park < java.util.concurrent.ArrayBlockingQueue.take",
        "false, sun.nio.ch.FileDispatcherImpl.writev0",
        "false, org.rocksdb.RocksDB.write0",
        "false, java.lang.String.trim < sun.nio.ch.EPoll.wait"
    })
    void onlyTheTopmostFrameSaysThatAThreadWaits(boolean waits, String stack) {
        assertThat(StageRules.waits(stack(stack))).isEqualTo(waits);
    }

    @Test
    void everyClassAndPackageOfOursThatTheTableNamesIsThere() throws Exception {
        // Given: the sources of all modules, since this one can do without most of their classes
        List<Path> sources;
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            sources = modules.map(module -> module.resolve("src/main/java")).toList();
        }

        // When
        List<String> gone = StageRules.types()
                .filter(type -> type.startsWith("io.posthorn."))
                .filter(type -> sources.stream().noneMatch(root -> Files.exists(root.resolve(file(type)))))
                .toList();

        // Then
        assertThat(gone).isEmpty();
    }

    private static String file(String type) {
        String path = type.replace('.', '/');
        return type.endsWith(".") ? path : path + ".java";
    }

    @Test
    void theClassesOfVertxAndNettyThatTheTableNamesAreThere() {
        assertThat(StageRules.types()
                        .filter(type -> type.startsWith("io.vertx.core.") || type.startsWith("io.netty."))
                        .filter(type -> !type.endsWith(".") && !type.contains(".epoll."))
                        .filter(type -> !exists(type)))
                .isEmpty();
    }

    private static boolean exists(String type) {
        try {
            Class<?> unused = Class.forName(type, false, StageRulesTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Frames as {@code class.method < class.method}, the top first. */
    static List<Frame> stack(String frames) {
        return Arrays.stream(frames.split(" < "))
                .map(frame -> new Frame(
                        frame.substring(0, frame.lastIndexOf('.')), frame.substring(frame.lastIndexOf('.') + 1)))
                .toList();
    }
}
