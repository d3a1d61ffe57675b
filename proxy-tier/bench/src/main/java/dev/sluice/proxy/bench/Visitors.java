package dev.sluice.proxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask a proxy again and again, with a short pause, each on its connection. */
final class Visitors implements AutoCloseable {
    private static final int CLIENTS = 8;
    private static final int PAUSE_MS = 1;
    private static final String REQUEST = "GET /16 HTTP/1.1\r\nHost: bench\r\n\r\n";

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private Visitors(int port) {
        this.port = port;
    }

    static Visitors of(int port) {
        Visitors visitors = new Visitors(port);
        for (int i = 0; i < CLIENTS; i++) {
            visitors.threads.add(Thread.ofVirtual().start(visitors::visit));
        }
        return visitors;
    }

    /** What answers took since the last call, in milliseconds. */
    double[] answers() {
        Queue<Double> since = millis;
        millis = new ConcurrentLinkedQueue<>();
        return since.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Requests that were refused, or never answered, in all. */
    int lost() {
        return lost.get();
    }

    private void visit() {
        while (!over) {
            try (Caller caller = new Caller(port, REQUEST)) {
                while (!over) {
                    ask(caller);
                }
            } catch (IOException e) {
                lost.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ask(Caller caller) throws IOException, InterruptedException {
        long began = System.nanoTime();
        caller.ask();
        caller.answer();
        millis.add((System.nanoTime() - began) / 1e6);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
