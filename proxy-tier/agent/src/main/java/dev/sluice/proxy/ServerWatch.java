package dev.sluice.proxy;

import com.sun.net.httpserver.HttpServer;

import dev.sluice.cluster.config.HostPort;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Answers directors' probes for a server that is not ours, as long as that one answers: the health
 * port is open while a TCP connection to each of the server's addresses succeeds. One thread of its
 * own from {@link #start} to {@link #close}.
 */
final class ServerWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);
    private static final int TIMEOUT_MS = 1000;
    private static final byte[] WELL = "ok\n".getBytes(StandardCharsets.UTF_8);

    private final ServerConfig server;
    private final HostPort healthAddress;
    private final Thread thread = Thread.ofVirtual().name("server-watch").unstarted(this::watch);

    /** Of the thread alone. */
    private Optional<HttpServer> health = Optional.empty();

    /** Written by the thread, read by whoever publishes the member record. */
    private volatile Optional<String> problem = Optional.of("the server has not been looked at");

    ServerWatch(ServerConfig server, HostPort healthAddress) {
        this.server = server;
        this.healthAddress = healthAddress;
    }

    void start() {
        thread.start();
    }

    /** Why directors send nothing here; empty while they may. */
    Optional<String> problem() {
        return problem;
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(server.interval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            shut();
        }
    }

    private void look() {
        Optional<String> found = illness();
        if (found.isPresent()) {
            shut();
        } else if (health.isEmpty()) {
            found = open();
        }
        if (!found.equals(problem)) {
            log.atInfo().addKeyValue("problem", found.orElse("none")).log("server.seen");
        }
        problem = found;
    }

    private Optional<String> illness() {
        for (HostPort address : server.addresses()) {
            try (Socket probe = new Socket()) {
                probe.connect(address.inet(), TIMEOUT_MS);
            } catch (IOException e) {
                return Optional.of(
                        "the server does not answer on " + address + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Optional<String> open() {
        try {
            HttpServer listener = HttpServer.create(healthAddress.inet(), 0);
            listener.createContext(
                    "/healthz",
                    exchange -> {
                        exchange.sendResponseHeaders(200, WELL.length);
                        exchange.getResponseBody().write(WELL);
                        exchange.close();
                    });
            listener.start();
            health = Optional.of(listener);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("health port " + healthAddress + ": " + e.getMessage());
        }
    }

    private void shut() {
        health.ifPresent(listener -> listener.stop(0));
        health = Optional.empty();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
