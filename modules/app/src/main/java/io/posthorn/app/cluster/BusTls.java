package io.posthorn.app.cluster;

import io.posthorn.config.ClusterConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.spi.cluster.NodeInfo;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Messages between nodes over TLS, where the settings say so: both sides show a certificate that one authority signed. Hazelcast,
 * under which nodes become members, knows nothing of it. So each tries before it serves anything whether it and the others could
 * send each other messages.
 */
final class BusTls {
    /** In what a node shows; other programs, and nodes that do not know of it yet, show nothing. */
    private static final String SHOWN = "posthorn.tls";

    private static final String ALERT = "Received fatal alert: ";
    private static final int PATIENCE_MILLIS = 5_000;

    private final @Nullable PemKeyCertOptions own;
    private final @Nullable PemTrustOptions trusted;

    private BusTls(@Nullable PemKeyCertOptions own, @Nullable PemTrustOptions trusted) {
        this.own = own;
        this.trusted = trusted;
    }

    static BusTls of(ClusterConfig config) {
        Path cert = config.tlsCert();
        Path key = config.tlsKey();
        Path authority = config.tlsCa();
        return cert == null || key == null || authority == null
                ? new BusTls(null, null)
                : new BusTls(
                        new PemKeyCertOptions().setCertPath(cert.toString()).setKeyPath(key.toString()),
                        new PemTrustOptions().addCertPath(authority.toString()));
    }

    /** Makes the bus use it, and what the node shows tell so. */
    void addTo(EventBusOptions bus) {
        JsonObject shown = bus.getClusterNodeMetadata();
        bus.setClusterNodeMetadata((shown == null ? new JsonObject() : shown).put(SHOWN, isOn()));
        if (isOn()) {
            bus.setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setKeyCertOptions(own)
                    .setTrustOptions(trusted);
        }
    }

    /**
     * Why a node and this one cannot send each other messages.
     *
     * @return empty when they can, and when it cannot be told now, as of a node that is gone; does not fail
     */
    Future<String> objection(Vertx vertx, NodeInfo other) {
        if (other.metadata() == null || !(other.metadata().getValue(SHOWN) instanceof Boolean theirs)) {
            return Future.succeededFuture("");
        }
        if (theirs != isOn()) {
            return Future.succeededFuture(
                    theirs
                            ? "takes messages over TLS only, this node sends them without (cluster.tlsCert)"
                            : "takes messages without TLS only, this node sends them over it (cluster.tlsCert)");
        }
        return isOn() ? handshake(vertx, other) : Future.succeededFuture("");
    }

    private boolean isOn() {
        return own != null;
    }

    /** With TLS 1.2, whose handshake does not end before the other side has looked at the certificate. */
    private Future<String> handshake(Vertx vertx, NodeInfo other) {
        NetClient client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(PATIENCE_MILLIS)
                .setSslHandshakeTimeout(PATIENCE_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
                // As between nodes: who has a certificate of the authority is trusted, wherever it is.
                .setHostnameVerificationAlgorithm("")
                .setKeyCertOptions(own)
                .setTrustOptions(trusted));
        return client.connect(other.port(), other.host())
                .compose(NetSocket::close)
                .map("")
                .otherwise(BusTls::reason)
                .eventually(client::close)
                .otherwise("");
    }

    /** Only what tells that a certificate is the cause. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
                return "shows a certificate that cluster.tlsCa did not sign, or that is not valid now: "
                        + cause.getMessage();
            }
            String text = String.valueOf(cause.getMessage());
            int alert = text.indexOf(ALERT);
            if (cause instanceof SSLException && alert >= 0 && isOfCertificate(text)) {
                return "does not take the certificate of this node (cluster.tlsCert): "
                        + text.substring(alert + ALERT.length());
            }
        }
        return "";
    }

    private static boolean isOfCertificate(String alert) {
        return alert.contains("certificate") || alert.contains("unknown_ca");
    }
}
