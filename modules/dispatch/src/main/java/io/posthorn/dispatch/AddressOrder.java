package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order the addresses of a receiver are tried: IPv4 and IPv6 in turn, IPv4 first, and behind them those that could
 * not be connected to within the last {@link #MEMORY}, so that an address that swallows packets costs its time only now and
 * then. Remembers the {@value #REMEMBERED} last. Verticle context.
 */
final class AddressOrder {
    /** How many addresses of a name are tried at most. */
    static final int MOST_TRIED = 6;

    /** How long an address that failed stands behind the others. */
    static final Duration MEMORY = Duration.ofSeconds(60);

    private static final int REMEMBERED = 10_000;

    private final Cache<String, Boolean> failed;

    /** @param ticker as {@link System#nanoTime()} */
    AddressOrder(Ticker ticker) {
        failed = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(MEMORY)
                .ticker(ticker)
                .build();
    }

    /** The families in turn, each in the order that it has. */
    static List<String> alternating(List<String> addresses) {
        List<String> ipv4 = new ArrayList<>();
        List<String> ipv6 = new ArrayList<>();
        addresses.forEach(address -> (address.indexOf(':') < 0 ? ipv4 : ipv6).add(address));
        List<String> inTurn = new ArrayList<>(addresses.size());
        for (int i = 0; i < Math.max(ipv4.size(), ipv6.size()); i++) {
            if (i < ipv4.size()) {
                inTurn.add(ipv4.get(i));
            }
            if (i < ipv6.size()) {
                inTurn.add(ipv6.get(i));
            }
        }
        return List.copyOf(inTurn);
    }

    /** Those to try, at most {@value #MOST_TRIED}; the port counts, since an address may be deaf at one only. */
    List<String> toTry(List<String> addresses, int port) {
        if (addresses.size() < 2) {
            return addresses;
        }
        List<String> first = new ArrayList<>();
        List<String> last = new ArrayList<>();
        addresses.forEach(address -> (failed.getIfPresent(key(address, port)) == null ? first : last).add(address));
        first.addAll(last);
        return first.subList(0, Math.min(MOST_TRIED, first.size()));
    }

    /** It could not be connected to. */
    void failed(String address, int port) {
        failed.put(key(address, port), Boolean.TRUE);
    }

    private static String key(String address, int port) {
        return address + " " + port;
    }
}
