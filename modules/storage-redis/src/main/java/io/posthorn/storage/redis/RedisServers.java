package io.posthorn.storage.redis;

import io.posthorn.contract.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how to get in.
 *
 * @param addresses servers to begin with, each as {@code host:port}: the server, the sentinels, or some nodes of the
 *     cluster
 * @param masterName what the sentinels call the primary; null but for {@link Mode#SENTINEL}
 * @param user of an access list; null for the default user
 * @param password null when none is needed
 * @param database number of the database; 0 in a cluster
 * @param tls whether connections are encrypted, with the server's certificate checked against its name
 */
public record RedisServers(
        List<String> addresses,
        Mode mode,
        @Nullable String masterName,
        @Nullable String user,
        @Nullable Secret password,
        int database,
        boolean tls) {
    /** The port of a Redis server where none is named. */
    public static final int DEFAULT_PORT = 6379;

    /** The port of a sentinel where none is named. */
    public static final int SENTINEL_PORT = 26379;

    /** How several servers make one store. */
    public enum Mode {
        /** One server. */
        STANDALONE,
        /** A primary with replicas, watched by sentinels. */
        SENTINEL,
        /** A Redis Cluster. */
        CLUSTER
    }

    public RedisServers {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("redis url: none (expected: redis://host:port)");
        }
        if (mode == Mode.STANDALONE && addresses.size() > 1) {
            throw new IllegalArgumentException("redis url: " + addresses.size()
                    + " servers (expected: 1, or the mode sentinel or cluster with several)");
        }
        if (mode == Mode.SENTINEL && (masterName == null || masterName.isBlank())) {
            throw new IllegalArgumentException(
                    "redis master name: none (expected: the sentinels' name of the primary)");
        }
        if (database < 0) {
            throw new IllegalArgumentException("redis database: " + database + " (expected: 0 or more)");
        }
        if (mode == Mode.CLUSTER && database != 0) {
            throw new IllegalArgumentException(
                    "redis database: " + database + " (expected: 0, a cluster has no other)");
        }
    }

    /**
     * Reads URLs of the form {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS.
     *
     * @param user where not null goes before that of the URLs; likewise the next two
     */
    public static RedisServers of(
            List<String> urls,
            Mode mode,
            @Nullable String masterName,
            @Nullable String user,
            @Nullable Secret password,
            @Nullable Integer database) {
        List<String> addresses = new ArrayList<>();
        RedisUrl first = null;
        for (String url : urls) {
            RedisUrl parsed = RedisUrl.parse(url, mode == Mode.SENTINEL ? SENTINEL_PORT : DEFAULT_PORT);
            if (first != null && first.tls() != parsed.tls()) {
                throw new IllegalArgumentException(
                        "redis url: redis:// and rediss:// together (expected: all servers with TLS, or none)");
            }
            first = first == null ? parsed : first;
            addresses.add(parsed.address());
        }
        if (first == null) {
            throw new IllegalArgumentException("redis url: none (expected: redis://host:port)");
        }
        return new RedisServers(
                addresses,
                mode,
                masterName,
                user == null ? first.user() : user,
                password == null ? first.password() : password,
                database == null ? first.database() : database,
                first.tls());
    }

    /** One URL, taken apart. */
    private record RedisUrl(
            String address, @Nullable String user, @Nullable Secret password, int database, boolean tls) {
        static RedisUrl parse(String url, int defaultPort) {
            URI uri;
            try {
                uri = new URI(url.trim());
            } catch (URISyntaxException e) {
                throw bad(url, "cannot be read");
            }
            boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
            if (!tls && !"redis".equalsIgnoreCase(uri.getScheme())) {
                throw bad(url, "has another scheme");
            }
            if (uri.getHost() == null) {
                throw bad(url, "names no host");
            }
            int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
            if (port < 1 || port > 65_535) {
                throw bad(url, "has a port out of 1 to 65535");
            }
            String userInfo = uri.getUserInfo();
            String user = null;
            Secret password = null;
            if (userInfo != null) {
                int colon = userInfo.indexOf(':');
                user = colon > 0 ? userInfo.substring(0, colon) : null;
                password = new Secret(userInfo.substring(colon + 1));
            }
            return new RedisUrl(uri.getHost() + ":" + port, user, password, database(url, uri), tls);
        }

        private static int database(String url, URI uri) {
            String path = uri.getPath();
            if (path == null || path.isEmpty() || path.equals("/")) {
                return 0;
            }
            try {
                return Integer.parseInt(path.substring(1));
            } catch (NumberFormatException e) {
                throw bad(url, "has a path that is no database number");
            }
        }

        /** A URL may hold a password, so only what stands behind it is shown. */
        private static IllegalArgumentException bad(String url, String what) {
            String shown = url.substring(url.lastIndexOf('@') + 1);
            return new IllegalArgumentException("redis url: " + shown + " " + what
                    + " (expected: redis://[user:password@]host[:port][/database], or rediss:// for TLS)");
        }
    }
}
