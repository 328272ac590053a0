package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class NodeTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final FakeDeployer deployer = new FakeDeployer();
    private final Node node = new Node(
            deployer,
            List.of(deployment("storage"), deployment("dispatch"), deployment("ingestion")),
            ready -> events.add(ready ? "ready" : "not ready"));

    @Test
    void startsInTheOrderOfTheTableAndIsReadyLast() throws Exception {
        // When
        await(node.start());

        // Then
        assertThat(events).containsExactly("+storage", "+dispatch", "+ingestion", "ready");
    }

    @Test
    void isNotReadyBeforeItStopsInReverseOrder() throws Exception {
        // Given
        await(node.start());
        events.clear();

        // When
        await(node.stop());

        // Then
        assertThat(events).containsExactly("not ready", "-ingestion", "-dispatch", "-storage");
    }

    @Test
    void waitsForAStepBeforeTheNextOneStarts() {
        // Given
        Promise<String> slow = Promise.promise();
        deployer.slowStart = slow;

        // When
        Future<Void> start = node.start();

        // Then
        assertThat(events).containsExactly("+storage");
        slow.complete("storage");
        assertThat(start.succeeded()).isTrue();
        assertThat(events).containsExactly("+storage", "+dispatch", "+ingestion", "ready");
    }

    @Test
    void stopsWhatHadStartedAndNamesTheRoleWhenAStepFails() {
        // Given
        deployer.failsToStart = "dispatch";

        // When
        Future<Void> start = node.start();

        // Then
        Assertions.assertThatThrownBy(() -> await(start))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StartFailure.class,
                        failure -> assertThat(failure.role()).isEqualTo("dispatch"));
        assertThat(events).containsExactly("+storage", "+dispatch", "not ready", "-storage");
    }

    @Test
    void goesOnWithTheOtherStepsWhenOneFailsToStop() throws Exception {
        // Given
        await(node.start());
        deployer.failsToStop = "ingestion";
        events.clear();

        // When
        await(node.stop());

        // Then
        assertThat(events).containsExactly("not ready", "-ingestion", "-dispatch", "-storage");
    }

    @Test
    void givesUpAStepThatIsLateToStop() throws Exception {
        // Given
        await(node.start());
        deployer.neverStops = "dispatch";
        events.clear();

        // When
        await(node.stop());

        // Then
        assertThat(events).containsExactly("not ready", "-ingestion", "-dispatch", "-storage");
    }

    @Test
    void stopsOnceHoweverOftenItIsTold() throws Exception {
        // Given
        await(node.start());
        events.clear();

        // When
        await(node.stop());
        await(node.stop());

        // Then
        assertThat(events).containsExactly("not ready", "-ingestion", "-dispatch", "-storage");
    }

    private static Deployment deployment(String name) {
        return Deployment.single(name, Idle::new, Duration.ofMillis(50));
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Idle extends VerticleBase {}

    /** Notes what it is asked to do; the id of a deployment is its name. */
    private final class FakeDeployer implements Deployer {
        private String failsToStart = "";
        private String failsToStop = "";
        private String neverStops = "";
        private Promise<String> slowStart = Promise.promise();

        FakeDeployer() {
            slowStart.complete("storage");
        }

        @Override
        public Future<String> deploy(Deployment deployment) {
            String name = deployment.name();
            events.add("+" + name);
            if (name.equals(failsToStart)) {
                return Future.failedFuture("on purpose");
            }
            return name.equals("storage") ? slowStart.future() : Future.succeededFuture(name);
        }

        @Override
        public Future<Void> undeploy(String id) {
            events.add("-" + id);
            if (id.equals(neverStops)) {
                Promise<Void> never = Promise.promise();
                return never.future();
            }
            return id.equals(failsToStop) ? Future.failedFuture("on purpose") : Future.succeededFuture();
        }
    }
}
