package io.posthorn.dispatch;

import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.vertx.core.Future;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names by the hosts file, then by DNS: A and AAAA are asked at once and both must be answered, since an answer that is
 * missing cannot be checked. Search domains are not applied. Verticle context.
 */
final class DnsNames implements NameResolver {
    private final DnsClient client;
    private final DefaultHostsFileEntriesResolver hostsFile;

    DnsNames(DnsClient client, DefaultHostsFileEntriesResolver hostsFile) {
        this.client = client;
        this.hostsFile = hostsFile;
    }

    @Override
    public Future<List<String>> addressesOf(String name) {
        @Nullable List<InetAddress> written = hostsFile.addresses(name, ResolvedAddressTypes.IPV4_PREFERRED);
        if (written != null && !written.isEmpty()) {
            return Future.succeededFuture(
                    written.stream().map(InetAddress::getHostAddress).toList());
        }
        Future<List<String>> ipv4 = orNone(client.resolveA(name));
        Future<List<String>> ipv6 = orNone(client.resolveAAAA(name));
        return Future.all(ipv4, ipv6).compose(both -> {
            List<String> all = new ArrayList<>(ipv4.result());
            all.addAll(ipv6.result());
            return all.isEmpty() ? Future.failedFuture(new UnknownName("name not found")) : Future.succeededFuture(all);
        });
    }

    private static Future<List<String>> orNone(Future<List<String>> answer) {
        return answer.recover(cause -> {
            if (cause instanceof DnsException dns
                    && (dns.code() == DnsResponseCode.NXDOMAIN || dns.code() == DnsResponseCode.NOERROR)) {
                return Future.succeededFuture(List.of());
            }
            return Future.failedFuture(new UnknownName("name look-up failed"));
        });
    }
}
