package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.profile.MessageStage;
import io.posthorn.benchmarks.profile.RedisProfile;
import io.posthorn.benchmarks.profile.StageProfile;
import io.posthorn.benchmarks.run.Recording;
import io.posthorn.benchmarks.run.RedisCommands;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.StageCost;
import io.posthorn.benchmarks.run.ThreadCpu;
import io.posthorn.benchmarks.run.ThreadReading;
import io.posthorn.benchmarks.run.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Windows of load under the flight recorder, and what they say of stages. */
final class ProfiledRounds {
    private static final String SERVICE = "service";
    private static final String REDIS = "redis";
    private static final double KIB = 1024;
    /** A share of Redis's time below which a line is only counted with others. */
    private static final double LEAST_SHARE = 0.01;

    private static final String SMALL = "below 1 % each";

    private final Stage stage;
    private final Service service;
    private int recorded;

    /**
     * One window.
     *
     * @param redisMicros by what they went to; empty without Redis
     */
    record Profiled(Window window, StageProfile stages, Map<String, Double> redisMicros) {}

    ProfiledRounds(Stage stage, Service service) {
        this.stage = stage;
        this.service = service;
    }

    /** Measures one window; its recording stays with the logs until the run is over. */
    Profiled record(LoadJob job, Stage.Expected expected) throws Exception {
        Path file = stage.plan().work().resolve("profile-" + ++recorded + ".jfr");
        Recording recording = service.record();
        RedisCommands commands = service.redisCommands();
        Optional<ThreadReading> redis = service.redisThreads();
        ThreadReading before = service.threads();
        Window window = stage.measure(service, job, expected);
        List<ThreadCpu> used = service.threads().since(before);
        Map<String, Double> redisMicros = Map.of();
        if (redis.isPresent()) {
            List<ThreadCpu> redisUsed = service.redisThreads().orElseThrow().since(redis.get());
            redisMicros = RedisProfile.of(redisUsed, service.redisCommands().since(commands));
        }
        recording.stop(file);
        StageProfile stages = StageProfile.of(file, used, window.allocatedBytes());
        stage.step(String.format(
                Locale.ROOT,
                "recorded %8.0f/s delivered, %d samples%s",
                window.deliveredPerSecond(),
                stages.samples(),
                window.disturbed() ? ", disturbed by other processes" : ""));
        return new Profiled(window, stages, redisMicros);
    }

    /** Measures so many. */
    List<Profiled> record(LoadJob job, Stage.Expected expected, int count) throws Exception {
        List<Profiled> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(record(job, expected));
        }
        return all;
    }

    /** What is unattributed, of the round in which that is the most. */
    static List<String> unknown(List<Profiled> rounds) {
        return rounds.stream()
                .map(Profiled::stages)
                .max(Comparator.comparingDouble(
                        stages -> stages.cpuMicros().getOrDefault(MessageStage.UNATTRIBUTED, 0.0)))
                .map(StageProfile::unknown)
                .orElse(List.of());
    }

    /** What each stage costs, a value a round; stages without any cost are left out, but not what is unattributed. */
    static List<StageCost> costs(List<Profiled> rounds) {
        List<StageCost> costs = new ArrayList<>();
        for (MessageStage one : MessageStage.values()) {
            List<Double> micros = rounds.stream()
                    .map(round -> round.stages().cpuMicros().getOrDefault(one, 0.0)
                            / round.window().delivered())
                    .toList();
            List<Double> kib = rounds.stream()
                    .map(round -> round.stages().bytes().getOrDefault(one, 0.0)
                            / KIB
                            / round.window().delivered())
                    .toList();
            if (one == MessageStage.UNATTRIBUTED || isAny(micros) || isAny(kib)) {
                costs.add(StageCost.of(SERVICE, one.label(), micros, Optional.of(kib)));
            }
        }
        costs.addAll(redisCosts(rounds.stream()
                .map(round -> each(round.redisMicros(), round.window().delivered()))
                .toList()));
        return costs;
    }

    private static Map<String, Double> each(Map<String, Double> micros, long delivered) {
        Map<String, Double> each = new LinkedHashMap<>();
        micros.forEach((name, value) -> each.put(name, value / delivered));
        return each;
    }

    /** The largest first; what is small in all rounds is one line. */
    static List<StageCost> redisCosts(List<Map<String, Double>> rounds) {
        double least = LEAST_SHARE
                * rounds.stream()
                        .flatMap(round -> round.values().stream())
                        .mapToDouble(Double::doubleValue)
                        .sum();
        Map<String, Double> sums = new LinkedHashMap<>();
        rounds.forEach(round -> round.forEach((name, micros) -> {
            double unused = sums.merge(name, micros, Double::sum);
        }));
        List<String> small = sums.entrySet().stream()
                .filter(entry -> Math.abs(entry.getValue()) < least)
                .map(Map.Entry::getKey)
                .toList();
        List<StageCost> costs = new ArrayList<>();
        sums.entrySet().stream()
                .filter(entry -> !small.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> costs.add(redisCost(entry.getKey(), List.of(entry.getKey()), rounds)));
        if (!small.isEmpty()) {
            costs.add(redisCost(SMALL, small, rounds));
        }
        return costs;
    }

    private static StageCost redisCost(String label, Collection<String> names, List<Map<String, Double>> rounds) {
        List<Double> micros = rounds.stream()
                .map(round -> names.stream()
                        .mapToDouble(name -> round.getOrDefault(name, 0.0))
                        .sum())
                .toList();
        return StageCost.of(REDIS, label, micros, Optional.empty());
    }

    private static boolean isAny(List<Double> values) {
        return values.stream().anyMatch(value -> value > 0);
    }
}
