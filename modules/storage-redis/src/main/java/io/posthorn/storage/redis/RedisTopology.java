package io.posthorn.storage.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the primaries: the one server, the one that the sentinels name, or those of the cluster. */
final class RedisTopology {
    private final RedisClients clients;

    RedisTopology(RedisClients clients) {
        this.clients = clients;
    }

    /**
     * Asks the servers, all at once; the first that answers counts.
     *
     * @param known addresses of a cluster that were found before
     */
    Future<RedisRoutes> find(Collection<String> known) {
        RedisServers servers = clients.servers();
        return switch (servers.mode()) {
            case STANDALONE ->
                Future.succeededFuture(RedisRoutes.of(servers.addresses().get(0)));
            case SENTINEL -> first(servers.addresses(), this::primaryOf);
            case CLUSTER -> {
                Set<String> all = new LinkedHashSet<>(servers.addresses());
                all.addAll(known);
                yield first(all, this::slotsOf);
            }
        };
    }

    private Future<RedisRoutes> primaryOf(String sentinel) {
        String name = String.valueOf(clients.servers().masterName());
        Request question =
                Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(name);
        return clients.askSentinel(sentinel, question).compose(answer -> {
            if (answer == null || answer.size() < 2) {
                return Future.failedFuture("the sentinel " + sentinel + " knows no primary named " + name);
            }
            return Future.succeededFuture(RedisRoutes.of(answer.get(0) + ":" + answer.get(1)));
        });
    }

    private Future<RedisRoutes> slotsOf(String node) {
        return clients.ask(node, Request.cmd(Command.CLUSTER).arg("SLOTS")).compose(answer -> {
            RedisRoutes routes = routes(node, answer);
            return routes == null
                    ? Future.failedFuture("the node " + node + " serves no slots of a cluster")
                    : Future.succeededFuture(routes);
        });
    }

    private static @Nullable RedisRoutes routes(String asked, @Nullable Response answer) {
        if (answer == null || answer.size() == 0) {
            return null;
        }
        RedisRoutes routes = RedisRoutes.none();
        for (Response range : answer) {
            Response primary = range.get(2);
            String host = primary.get(0) == null ? "" : primary.get(0).toString();
            if (host.isEmpty() || host.equals("?")) {
                host = asked.substring(0, asked.lastIndexOf(':'));
            }
            routes = routes.with(range.get(0).toInteger(), range.get(1).toInteger(), host + ":" + primary.get(1));
        }
        return routes;
    }

    private static Future<RedisRoutes> first(
            Collection<String> addresses, Function<String, Future<RedisRoutes>> question) {
        List<Future<RedisRoutes>> asked = addresses.stream().map(question).toList();
        return Future.any(asked).map(any -> {
            for (Future<RedisRoutes> one : asked) {
                if (one.succeeded()) {
                    return one.result();
                }
            }
            throw new IllegalStateException("one of them succeeded");
        });
    }
}
