package io.posthorn.storage.redis;

import io.posthorn.contract.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;

/**
 * Makes a client for each connection: closing the client is what closes a socket that hangs. Where the connections go
 * is decided here and in {@link RedisTopology} rather than by the client's cluster and sentinel modes, which neither
 * notice a silent server nor let go of a dead connection.
 */
final class RedisClients {
    /** More than can ever be in flight on one connection. */
    private static final int MAX_WAITING = 4 * RedisLink.MAX_CALLS;

    /** Within which the client makes a connection or gives up. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final RedisServers servers;

    RedisClients(Vertx vertx, RedisServers servers) {
        this.vertx = vertx;
        this.servers = servers;
    }

    RedisServers servers() {
        return servers;
    }

    /** For one connection to a server of data. */
    Redis client(String address) {
        RedisOptions options = plain(address, "/" + servers.database());
        Secret password = servers.password();
        if (password != null) {
            options.setPassword(password.value());
        }
        if (servers.user() != null) {
            options.setUser(servers.user());
        }
        return Redis.createClient(vertx, options);
    }

    /** Asks a server of data one thing on a connection of its own; fails when no answer comes within 2 s. */
    Future<Response> ask(String address, Request request) {
        return ask(client(address), request);
    }

    /** Asks a sentinel, which has no password of ours and no databases. */
    Future<Response> askSentinel(String address, Request request) {
        return ask(Redis.createClient(vertx, plain(address, "")), request);
    }

    private Future<Response> ask(Redis client, Request request) {
        Promise<Response> answer = Promise.promise();
        long timer = vertx.setTimer(
                PROBE_TIMEOUT.toMillis(),
                late -> answer.tryFail("no answer within " + PROBE_TIMEOUT.toSeconds() + " s"));
        client.connect().compose(connection -> connection.send(request)).onComplete((response, failure) -> {
            if (failure == null) {
                answer.tryComplete(response);
            } else {
                answer.tryFail(failure);
            }
        });
        return answer.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return client.close();
        });
    }

    private RedisOptions plain(String address, String path) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true);
        if (servers.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        return new RedisOptions()
                .setConnectionString((servers.tls() ? "rediss://" : "redis://") + address + path)
                .setNetClientOptions(net)
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(MAX_WAITING);
    }
}
