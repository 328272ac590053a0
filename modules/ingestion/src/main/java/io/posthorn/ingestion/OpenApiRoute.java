package io.posthorn.ingestion;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /openapi.json}: the description of the API, read once from the program's own files. */
final class OpenApiRoute {
    private static final String RESOURCE = "/io/posthorn/ingestion/openapi.json";
    private static final Buffer DOCUMENT = read();

    void addTo(RouteTable table) {
        table.add(
                HttpMethod.GET,
                "/openapi.json",
                Access.OPEN,
                exchange -> Future.succeededFuture(Reply.of(200, DOCUMENT)));
    }

    private static Buffer read() {
        try (InputStream in = OpenApiRoute.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + RESOURCE);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
