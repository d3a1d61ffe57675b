package dev.sluice.engine.balance;

import dev.sluice.cluster.config.HostPort;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server of an upstream, and what is on its way to it. Thread-safe; lives on across
 * configurations as long as its upstream lists its address.
 */
public final class Endpoint {
    private final HostPort address;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Latency latency;

    /** In a row; success is by far the more frequent, and only reads it. */
    private final AtomicInteger failures = new AtomicInteger();

    /** Guarded by its {@link Endpoints}. */
    final Standing standing = new Standing();

    Endpoint(HostPort address, long nowNanos) {
        this.address = address;
        latency = new Latency(nowNanos);
    }

    public HostPort address() {
        return address;
    }

    /** Requests and tunnels on their way to it from this proxy. */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * A request is on its way; needs {@link #end}. False if there are as many already.
     *
     * @param most at the same time; {@link Integer#MAX_VALUE} for any number
     */
    public boolean begin(long nowNanos, int most) {
        if (!enter(most)) {
            return false;
        }
        latency.begin(nowNanos);
        return true;
    }

    private boolean enter(int most) {
        if (most == Integer.MAX_VALUE) {
            inFlight.incrementAndGet();
            return true;
        }
        for (int now = inFlight.get(); now < most; now = inFlight.get()) {
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** The head of a response is there. */
    public void answered(long beganNanos, long nowNanos) {
        latency.observe(Math.max(nowNanos - beganNanos, 0), nowNanos);
    }

    /** Another one answered first. */
    public void overtaken(long beganNanos, long nowNanos) {
        latency.observeAtLeast(Math.max(nowNanos - beganNanos, 0), nowNanos);
    }

    /** From now on it is no work but a tunnel, which may rest; needs {@link #endTunnel}. */
    public void becomeTunnel(long beganNanos) {
        latency.end(beganNanos);
    }

    public void end(long beganNanos) {
        latency.end(beganNanos);
        inFlight.decrementAndGet();
    }

    public void endTunnel() {
        inFlight.decrementAndGet();
    }

    /** How much one more request would have to wait for; without a unit. */
    double work(long nowNanos) {
        return latency.work(nowNanos);
    }

    long averageNanos(long nowNanos) {
        return latency.averageNanos(nowNanos);
    }

    int failures() {
        return failures.get();
    }

    /** How many there are in a row now. */
    int fail() {
        return failures.incrementAndGet();
    }

    void succeed() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
