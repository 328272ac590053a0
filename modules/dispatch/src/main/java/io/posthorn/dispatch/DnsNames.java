package io.posthorn.dispatch;

import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.vertx.core.Future;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Names by the hosts file, then by DNS: A and AAAA are asked at once and both must be answered, since an answer that is
 * missing cannot be checked. A question that nobody answers is asked once more, since packets get lost; aliases (CNAME) are
 * followed. Search domains are not applied. Verticle context.
 */
final class DnsNames implements NameResolver {
    /** How many aliases lead from a name to its addresses at most. */
    static final int MOST_ALIASES = 8;

    private final DnsClient client;
    private final DefaultHostsFileEntriesResolver hostsFile;
    private final Duration limit;

    /**
     * @param client gives up on a question after less than half of the limit
     * @param limit the time of one look-up, aliases and repeated questions included
     */
    DnsNames(DnsClient client, DefaultHostsFileEntriesResolver hostsFile, Duration limit) {
        this.client = client;
        this.hostsFile = hostsFile;
        this.limit = limit;
    }

    @Override
    public Future<List<String>> addressesOf(String name) {
        @Nullable List<InetAddress> written = hostsFile.addresses(name, ResolvedAddressTypes.IPV4_PREFERRED);
        if (written != null && !written.isEmpty()) {
            return Future.succeededFuture(
                    written.stream().map(InetAddress::getHostAddress).toList());
        }
        return asked(name, MOST_ALIASES)
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof UnknownName ? cause : new UnknownName("name look-up failed")));
    }

    private Future<List<String>> asked(String name, int aliasesLeft) {
        Future<List<String>> ipv4 = answer(client::resolveA, name);
        Future<List<String>> ipv6 = answer(client::resolveAAAA, name);
        return Future.all(ipv4, ipv6).compose(both -> {
            List<String> all = new ArrayList<>(ipv4.result());
            all.addAll(ipv6.result());
            // The client leaves out what an answer says of other names, such as the one that this is an alias of.
            return all.isEmpty() ? aliased(name, aliasesLeft) : Future.succeededFuture(all);
        });
    }

    private Future<List<String>> aliased(String name, int aliasesLeft) {
        return answer(client::resolveCNAME, name).compose(targets -> {
            if (targets.isEmpty()) {
                return Future.failedFuture(new UnknownName("name not found"));
            }
            return aliasesLeft == 0
                    ? Future.failedFuture(new UnknownName("name look-up failed"))
                    : asked(targets.get(0), aliasesLeft - 1);
        });
    }

    private static Future<List<String>> answer(Function<String, Future<List<String>>> question, String name) {
        return question.apply(name)
                .recover(cause -> cause instanceof DnsException ? Future.failedFuture(cause) : question.apply(name))
                .recover(cause -> {
                    if (cause instanceof DnsException dns
                            && (dns.code() == DnsResponseCode.NXDOMAIN || dns.code() == DnsResponseCode.NOERROR)) {
                        return Future.succeededFuture(List.of());
                    }
                    return Future.failedFuture(new UnknownName("name look-up failed"));
                });
    }
}
