package io.posthorn.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.ThreadCpu;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CpuSharingTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-6);
    private static final long LOOP = 1;
    private static final long STORE = 2;
    private static final String SIGN = "io.posthorn.dispatch.Signer.sign";
    private static final String PARSE = "io.posthorn.validation.MessageCheck.check";
    private static final String WRITE = "sun.nio.ch.FileDispatcherImpl.writev0 < io.posthorn.dispatch.Exchange.send";
    private static final String WAIT = "sun.nio.ch.EPoll.wait < io.netty.channel.nio.NioIoHandler.run";

    private final List<CpuSample> samples = new ArrayList<>();

    @Test
    void userTimeGoesToJavaAndSystemTimeToNativeCode() {
        // Given
        seen(3, LOOP, false, SIGN);
        seen(1, LOOP, false, PARSE);
        seen(1, LOOP, true, WRITE);

        // When
        Map<MessageStage, Double> micros = CpuSharing.share(List.of(loop(400, 100)), samples);

        // Then
        assertThat(micros.get(MessageStage.SIGN)).isEqualTo(300, EXACT);
        assertThat(micros.get(MessageStage.PARSE)).isEqualTo(100, EXACT);
        assertThat(micros.get(MessageStage.SEND)).isEqualTo(100, EXACT);
    }

    @Test
    void waitingCostsNothing() {
        // Given
        seen(1, LOOP, false, SIGN);
        seen(50, LOOP, true, WAIT);

        // When
        Map<MessageStage, Double> micros = CpuSharing.share(List.of(loop(400, 100)), samples);

        // Then
        assertThat(micros).hasSize(1).containsKey(MessageStage.SIGN);
        assertThat(micros.get(MessageStage.SIGN)).isEqualTo(500, EXACT);
    }

    @Test
    void theSystemTimeOfNativeCodeAloneTakesTheUserTimeToo() {
        seen(2, LOOP, true, WRITE);

        assertThat(CpuSharing.share(List.of(loop(10, 90)), samples).get(MessageStage.SEND))
                .isEqualTo(100, EXACT);
    }

    @Test
    void nativeCodeThatWorksByItselfGetsWhatJavaDoesNotExplain() {
        // Given: a sample in Java stands for 10 microseconds of user time on the loop
        seen(40, LOOP, false, SIGN);
        seen(5, STORE, false, "io.posthorn.storage.local.Appender.store");
        seen(3, STORE, true, "org.rocksdb.RocksDB.write0 < io.posthorn.storage.local.RocksMap.write");
        seen(1, STORE, true, "org.rocksdb.RocksDB.get < io.posthorn.storage.local.Claimer.claim");

        // When
        Map<MessageStage, Double> micros =
                CpuSharing.share(List.of(loop(400, 0), new ThreadCpu(STORE, "store", 350, 100, 0)), samples);

        // Then
        assertThat(micros.get(MessageStage.APPEND)).isEqualTo(50, EXACT);
        assertThat(micros.get(MessageStage.FLUSH)).isEqualTo(300, EXACT);
        assertThat(micros.get(MessageStage.CLAIM)).isEqualTo(100, EXACT);
    }

    @Test
    void javaNeverGetsMoreThanTheThreadUsed() {
        seen(1, LOOP, false, SIGN);
        seen(1, STORE, false, "io.posthorn.storage.local.Appender.store");
        seen(1, STORE, true, "org.rocksdb.RocksDB.write0 < io.posthorn.storage.local.RocksMap.write");

        Map<MessageStage, Double> micros =
                CpuSharing.share(List.of(loop(400, 0), new ThreadCpu(STORE, "store", 30, 20, 0)), samples);

        assertThat(micros.get(MessageStage.APPEND)).isEqualTo(50, EXACT);
        assertThat(micros.get(MessageStage.FLUSH)).isEqualTo(0, EXACT);
    }

    @Test
    void theSumIsWhatWasCountedWhateverWasSeen() {
        // Given
        seen(7, LOOP, false, SIGN);
        seen(2, LOOP, true, "com.example.Unknown.call");
        List<ThreadCpu> threads = List.of(
                loop(401, 77),
                new ThreadCpu(3, "C2 CompilerThre", 900, 10, 0),
                new ThreadCpu(0, "ended threads", 5, 0, 0));

        // When
        Map<MessageStage, Double> micros = CpuSharing.share(threads, samples);

        // Then
        assertThat(micros.values().stream().mapToDouble(Double::doubleValue).sum())
                .isEqualTo(401 + 77 + 910 + 5, EXACT);
        assertThat(micros.get(MessageStage.COMPILER)).isEqualTo(910, EXACT);
        assertThat(micros.get(MessageStage.UNATTRIBUTED)).isEqualTo(77 + 5, EXACT);
    }

    private void seen(int times, long thread, boolean inNative, String stack) {
        samples.addAll(Collections.nCopies(times, new CpuSample(thread, inNative, StageRulesTest.stack(stack))));
    }

    private static ThreadCpu loop(double user, double system) {
        return new ThreadCpu(LOOP, "vert.x-eventloo", user, system, 0);
    }
}
