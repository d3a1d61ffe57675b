package dev.sluice.lab.traffic;

import dev.sluice.lab.traffic.HttpConnection.Response;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Many clients at once: each opens a connection, sends a few small requests on it with pauses, and
 * starts over. One virtual thread per client. Every connection that breaks is counted.
 */
public final class Load implements AutoCloseable {
    private static final int MAX_REQUESTS_PER_CONNECTION = 8;

    private final ClientHost host;
    private final Duration pause;
    private final Tally tally = new Tally();
    private final List<Thread> clients = new ArrayList<>();

    /** Set by the closing thread, read by every client between requests. */
    private volatile boolean stopped;

    private Load(ClientHost host, Duration pause) {
        this.host = host;
        this.pause = pause;
    }

    /**
     * @param pause between two requests of a client, on average
     */
    public static Load start(ClientHost host, int clients, Duration pause) {
        Load load = new Load(host, pause);
        for (int i = 0; i < clients; i++) {
            load.clients.add(Thread.ofVirtual().name("client-" + i).start(load::visitForever));
        }
        return load;
    }

    public Tally tally() {
        return tally;
    }

    private void visitForever() {
        while (!stopped) {
            visit();
        }
    }

    private void visit() {
        long opened = System.nanoTime();
        try (HttpConnection connection = host.connect()) {
            new Visitor(connection, opened).run();
        } catch (IOException e) {
            failed(opened, FailureKind.ofConnect(e), "", e.toString());
            rest();
        }
    }

    private void failed(long opened, FailureKind kind, String proxy, String message) {
        tally.failed(new Tally.Failure(opened, System.nanoTime(), kind, proxy, message));
    }

    private void rest() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * pause.toNanos() + 1));
    }

    /** Ends the clients, each after its request in flight; what they saw is then final. */
    public Tally stop() {
        stopped = true;
        clients.forEach(LockSupport::unpark);
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return tally;
            }
        }
        return tally;
    }

    @Override
    public void close() {
        stop();
    }

    /** One connection's life. */
    private final class Visitor {
        private final HttpConnection connection;
        private final long opened;
        private String proxy = "";

        Visitor(HttpConnection connection, long opened) {
            this.connection = connection;
            this.opened = opened;
        }

        void run() {
            int requests = 1 + ThreadLocalRandom.current().nextInt(MAX_REQUESTS_PER_CONNECTION);
            for (int i = 0; i < requests && !stopped; i++) {
                if (!request(i == 0)) {
                    return;
                }
                rest();
            }
        }

        /** False if there will be no further request on this connection. */
        private boolean request(boolean first) {
            Response response;
            try {
                response = connection.get("/");
            } catch (IOException e) {
                noResponse(e, first);
                return false;
            }
            if (first) {
                proxy = response.servedBy();
                tally.visit(new Tally.Visit(opened, proxy));
            }
            return read(response) && !response.isLast();
        }

        /** An idle connection may be closed by the server at any time; the client opens another. */
        private void noResponse(IOException e, boolean first) {
            if (!first && e instanceof EOFException) {
                tally.reopened();
            } else {
                failed(opened, FailureKind.ofExchange(e), proxy, e.toString());
            }
        }

        private boolean read(Response response) {
            try {
                response.body().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                failed(opened, FailureKind.ofExchange(e), proxy, e.toString());
                return false;
            }
            if (!response.isSuccess()) {
                failed(opened, FailureKind.STATUS, proxy, "status " + response.status());
                return true;
            }
            tally.served();
            return true;
        }
    }
}
