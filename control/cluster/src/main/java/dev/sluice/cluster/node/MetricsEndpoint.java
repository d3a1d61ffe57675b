package dev.sluice.cluster.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.sluice.cluster.config.HostPort;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code GET /metrics} of a process, for Prometheus. Answers on virtual threads; a port that is
 * taken is logged and costs nothing but the metrics.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsEndpoint.class);
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Optional<HttpServer> server;

    private MetricsEndpoint(Optional<HttpServer> server) {
        this.server = server;
    }

    /**
     * @param address empty: none is wanted
     * @param metrics called for each request, on its thread
     */
    public static MetricsEndpoint open(Optional<HostPort> address, Supplier<MetricsText> metrics) {
        return new MetricsEndpoint(address.flatMap(listen -> listen(listen, metrics)));
    }

    private static Optional<HttpServer> listen(HostPort address, Supplier<MetricsText> metrics) {
        try {
            HttpServer server = HttpServer.create(address.inet(), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/metrics", exchange -> answer(exchange, metrics));
            server.start();
            return Optional.of(server);
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("address", address)
                    .addKeyValue("why", e.getMessage())
                    .log("metrics.not_served");
            return Optional.empty();
        }
    }

    private static void answer(HttpExchange exchange, Supplier<MetricsText> metrics)
            throws IOException {
        try (exchange) {
            byte[] body;
            int status = 200;
            try {
                body = metrics.get().toString().getBytes(StandardCharsets.UTF_8);
            } catch (UncheckedIOException e) {
                body = (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
                status = 503;
            }
            exchange.getResponseHeaders().set("Content-Type", TYPE);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.ifPresent(running -> running.stop(0));
    }
}
