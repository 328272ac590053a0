package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.http.HttpClientAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The clients of one instance: one for all endpoints, those of endpoints with own TLS options, and that of the name server. */
record EndpointClients(HttpClientAgent usual, OwnTlsClients<HttpClientAgent> own, DnsClient dns, Connector connector) {

    static EndpointClients of(VertxHttpClients clients, Timers timers) {
        Duration attempt = clients.config().timeout();
        ConnectionAge age = new ConnectionAge(timers, clients.egress().connectionMaxAge(), attempt);
        HttpClientAgent usual = clients.http(null, age);
        OwnTlsClients<HttpClientAgent> own = new OwnTlsClients<>(
                tls -> clients.http(tls, age),
                unused -> unused.shutdown(attempt.toMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(closed -> {}),
                timers,
                System::nanoTime);
        Connector connector = new Connector(
                usual,
                own,
                new AddressOrder(Ticker.systemTicker()),
                timers,
                clients.config().connectTimeout(),
                clients.egress().proxy() != null);
        return new EndpointClients(usual, own, clients.dns(), connector);
    }

    /** Cuts what is in flight. */
    Future<?> close() {
        List<Future<?>> closing = new ArrayList<>();
        closing.add(usual.close());
        own.removeAll().forEach(client -> closing.add(client.close()));
        closing.add(dns.close());
        return Future.join(closing);
    }
}
