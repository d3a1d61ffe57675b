package dev.sluice.lab.traffic;

import dev.sluice.cluster.pool.Address;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.history.History;
import dev.sluice.lab.traffic.HttpConnection.Response;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection that lives until its client ends it, with traffic all the time. Runs on a virtual
 * thread of its own; every method may be called from any thread.
 */
public final class Pinned {
    private final History history;
    private final Exchange exchange;
    private final long number;
    private final boolean tls;
    private final Duration pace;
    private final AtomicLong units = new AtomicLong();
    private final CompletableFuture<Event.Pin> end = new CompletableFuture<>();

    /** The four are written by the pin's own thread only. */
    private volatile String client = "";

    private volatile String proxy = "";
    private volatile String upstream = "";
    private volatile long stallNanos;

    private volatile boolean stopped;
    private volatile Optional<Thread> thread = Optional.empty();
    private long lastUnitNanos;

    /** What goes to and fro on it. */
    interface Exchange {
        PinKind kind();

        /** Connects; ends well when the pin is stopped, and all was right. */
        void run(Pinned pin) throws IOException;
    }

    private Pinned(History history, Exchange exchange, long number, boolean tls, Duration pace) {
        this.history = history;
        this.exchange = exchange;
        this.number = number;
        this.tls = tls;
        this.pace = pace;
    }

    /**
     * @param number no other pin's of that history
     * @param pace of its records, on average
     */
    static Pinned start(
            History history, Exchange exchange, long number, boolean tls, Duration pace) {
        Pinned pin = new Pinned(history, exchange, number, tls, pace);
        pin.thread = Optional.of(Thread.ofVirtual().name("pin-" + number).start(pin::run));
        return pin;
    }

    private void run() {
        long openedMs = history.nowMs();
        Optional<Broken> broken = Optional.empty();
        lastUnitNanos = System.nanoTime();
        try {
            exchange.run(this);
        } catch (IOException e) {
            FailureKind kind =
                    client.isEmpty() ? FailureKind.ofConnect(e) : FailureKind.ofExchange(e);
            broken = Optional.of(new Broken(kind, e.toString()));
        }
        finish(openedMs, broken);
    }

    private void finish(long openedMs, Optional<Broken> broken) {
        Event.Pin event =
                new Event.Pin(
                        openedMs,
                        history.nowMs(),
                        exchange.kind(),
                        number,
                        tls,
                        client,
                        proxy,
                        upstream,
                        units.get(),
                        stallNanos / 1_000_000,
                        broken);
        history.add(event);
        end.complete(event);
    }

    /** Its connection stands. */
    void connected(InetSocketAddress source) {
        Address address = Address.of(source.getAddress().getAddress());
        String host = address.isIpv4() ? address.toString() : "[" + address + "]";
        client = host + ":" + source.getPort();
    }

    /** Who serves it. */
    void served(String byProxy, String byUpstream) {
        proxy = byProxy;
        upstream = byUpstream;
    }

    /** Who serves it; fails unless it is served. */
    void served(Response response, int wanted) throws IOException {
        served(response.servedBy(), response.headers().getOrDefault("x-upstream", ""));
        if (response.status() != wanted) {
            throw new StatusException(response.status());
        }
    }

    /** Something came that was right. */
    void progress(long more) {
        long now = System.nanoTime();
        stallNanos = Math.max(stallNanos, now - lastUnitNanos);
        lastUnitNanos = now;
        units.addAndGet(more);
    }

    /** Until the next record is due. */
    void rest() {
        if (!stopped) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * pace.toNanos() + 1));
        }
        // Waiting on purpose is no stall.
        lastUnitNanos = System.nanoTime();
    }

    boolean isStopped() {
        return stopped;
    }

    long number() {
        return number;
    }

    Duration pace() {
        return pace;
    }

    /** Ends it after what is in flight. */
    void stop() {
        stopped = true;
        thread.ifPresent(LockSupport::unpark);
    }

    public String servedBy() {
        return proxy;
    }

    /** Records or bytes that were right so far. */
    public long units() {
        return units.get();
    }

    /** Completes, never exceptionally, when it is over. */
    public CompletableFuture<Event.Pin> end() {
        return end;
    }
}
