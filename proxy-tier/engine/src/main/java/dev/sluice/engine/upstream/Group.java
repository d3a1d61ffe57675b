package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.tls.TlsClient;
import dev.sluice.engine.tls.Watched;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * An upstream at work: whose turn it is and how many requests are on their way. Used by all event
 * loops; lives on across configurations as long as its description stays the same.
 */
public final class Group {
    private final Upstream upstream;
    private final @Nullable Watched<TlsClient> tls;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    /**
     * Makes one with nothing on its way.
     *
     * @param tls null for plaintext
     */
    public Group(Upstream upstream, @Nullable Watched<TlsClient> tls) {
        this.upstream = upstream;
        this.tls = tls;
    }

    /** Whether it is what a group made of these would be. */
    public boolean isOf(Upstream other, @Nullable Watched<TlsClient> otherTls) {
        return upstream.equals(other) && Objects.equals(current(tls), current(otherTls));
    }

    private static @Nullable TlsClient current(@Nullable Watched<TlsClient> tls) {
        return tls == null ? null : tls.current();
    }

    /** Of whom it trusts and what it shows; empty for plaintext. */
    public Optional<Watched<?>> files() {
        return Optional.ofNullable(tls);
    }

    /** How one of its endpoints is spoken to from now on. */
    public Target to(HostPort endpoint) {
        return new Target(endpoint, upstream.version(), current(tls), upstream.proxyProtocol());
    }

    /** How all of its endpoints are spoken to. */
    public Stream<Target> targets() {
        return upstream.endpoints().stream().map(this::to);
    }

    public Upstream upstream() {
        return upstream;
    }

    /** False if too many requests are on their way; each true needs a {@link #leave()}. */
    public boolean enter() {
        if (requests.incrementAndGet() <= upstream.maxRequests()) {
            return true;
        }
        requests.decrementAndGet();
        return false;
    }

    public void leave() {
        requests.decrementAndGet();
    }

    /**
     * False if too many requests are on their second attempt: retries must not add to what makes
     * servers fail. Each true needs a {@link #leaveRetry()}.
     */
    public boolean enterRetry() {
        if (retries.incrementAndGet() <= upstream.retries().budget(requests.get())) {
            return true;
        }
        retries.decrementAndGet();
        return false;
    }

    public void leaveRetry() {
        retries.decrementAndGet();
    }

    /**
     * The endpoint whose turn it is.
     *
     * @param without those to be passed over
     * @return null if there is no other
     */
    public @Nullable HostPort next(Collection<HostPort> without) {
        List<HostPort> endpoints = upstream.endpoints();
        int first = turn.getAndIncrement();
        for (int i = 0; i < endpoints.size(); i++) {
            HostPort endpoint = endpoints.get(Math.floorMod(first + i, endpoints.size()));
            if (!without.contains(endpoint)) {
                return endpoint;
            }
        }
        return null;
    }
}
