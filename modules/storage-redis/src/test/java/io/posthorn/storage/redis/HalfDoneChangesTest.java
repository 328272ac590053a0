package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a change of an application whose second script, in its shard, never ran. */
class HalfDoneChangesTest {
    private static final String ORG = OrganizationId.DEFAULT.value();
    private static final Shards SHARDS = new Shards("posthorn", 3);

    private final ManualClock clock = new ManualClock();
    private final Fixtures given = new Fixtures(clock);
    private Vertx vertx;
    private RedisProcess redis;
    private RedisEngine engine;
    private EngineDriver store;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        redis = RedisProcess.start();
        RedisServers servers =
                RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
        RedisEngineOptions options = new RedisEngineOptions(
                servers, 3, 1, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
        engine = RedisEngines.redis(vertx, options, clock, clock);
        resultOf(engine.open());
        store = new EngineDriver(engine, clock);
    }

    @AfterEach
    void close() {
        resultOf(engine.close());
        resultOf(vertx.close());
        redis.close();
    }

    @Test
    void shardTakesUpAnApplicationThatItWasNotToldOf() {
        // Given
        Application app = store.application();
        redis.command(
                "DEL", SHARDS.prefix(app.id()) + "a:" + Names.bare(app.id().value()));

        // When
        AppendOutcome appended = store.append(given.message(app.id()).build());
        redis.command(
                "DEL", SHARDS.prefix(app.id()) + "a:" + Names.bare(app.id().value()));
        store.endpoint(app);

        // Then
        assertThat(appended).isInstanceOf(AppendOutcome.Appended.class);
        store.accept(app);
        assertThat(store.claimAll()).hasSize(1);
    }

    @Test
    void uidIsGivenAwayOnlyWhenTheShardOfItsOldOwnerKnows() {
        // Given
        Application app = store.application();
        String version = version(app);
        String change = "2 " + ORG + " " + Names.bare(app.id().value()) + " shop";
        redis.command("ZADD", SHARDS.directory() + "p", "0", change);
        redis.command("HSET", SHARDS.directory() + "pu:" + ORG, "shop", change);

        // When
        Application other = store.save(given.application("shop"));

        // Then
        assertThat(version(app)).isNotEqualTo(version);
        assertThat(redis.command("ZCARD", SHARDS.directory() + "p")).contains("0");
        assertThat(resultOf(engine.find(new StorageQuery.Find.OneApplication(OrganizationId.DEFAULT, "shop")))
                        .entity())
                .isEqualTo(other);
    }

    @Test
    void sweepFinishesTheRemovalOfAnApplication() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app, 3);
        String id = Names.bare(app.id().value());
        redis.command("ZADD", SHARDS.directory() + "p", Long.toString(clock.millis()), "1- " + ORG + " " + id + " ");
        redis.command("HDEL", SHARDS.directory() + "ao", id);
        redis.command("HDEL", SHARDS.directory() + "a:" + ORG, id);

        // When
        clock.advance(Duration.ofMinutes(2));
        store.sweep();
        store.sweep();

        // Then
        assertThat(store.append(given.message(app.id()).build())).isInstanceOf(AppendOutcome.NoSuchApplication.class);
        assertThat(store.books()).isEqualTo(new Books(3, 0, 0, 3, 0, 0));
        assertThat(Futures.resultOf(engine.audit(false, looked -> {})).clean()).isTrue();
    }

    @Test
    void rateOfAnOlderVersionThatIsToldLateChangesNothing() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app, 2);
        String script = Script.of("touch-application").text();
        touch(script, app, "3", "7");

        // When
        touch(script, app, "2", "1");
        ClaimedDelivery late = store.claimOne();
        touch(script, app, "4", "");
        ClaimedDelivery cleared = store.claimOne();

        // Then
        assertThat(late.applicationRate()).isEqualTo(7);
        assertThat(cleared.applicationRate()).isNull();
    }

    private void touch(String script, Application app, String version, String rate) {
        redis.command(
                "EVAL",
                script,
                "1",
                SHARDS.prefix(app.id()),
                clock.millis() + ":128:128:test",
                Names.bare(app.id().value()),
                ORG,
                version,
                rate);
    }

    private String version(Application app) {
        return redis.command(
                "HGET", SHARDS.prefix(app.id()) + "a:" + Names.bare(app.id().value()), "v");
    }
}
