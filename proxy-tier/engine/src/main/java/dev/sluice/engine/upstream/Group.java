package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.EndpointLimits;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.cluster.l7.UpstreamVersion;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.tls.Secrets;
import dev.sluice.engine.tls.TlsClient;
import dev.sluice.engine.tls.Watched;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * An upstream at work, as one configuration describes it. Used by all event loops. What is on its
 * way, and what is known of its endpoints, is shared with the groups that it replaces, as long as
 * endpoints are spoken to in the same way.
 */
public final class Group {
    private static final int ANY = Integer.MAX_VALUE;

    private final Upstream upstream;
    private final @Nullable Watched<TlsClient> tls;
    private final @Nullable Pins pins;
    private final Usage usage;

    /** How many are on their way. */
    private record Usage(
            Endpoints endpoints,
            WaitingLine line,
            AtomicInteger requests,
            AtomicInteger tunnels,
            AtomicInteger retries,
            AtomicInteger places,
            ConnectionLimits connections,
            Copies copies) {}

    /**
     * Makes one with nothing on its way, and nobody to send it to before {@link #activate}.
     *
     * @param tls null for plaintext
     * @param secrets of its cookies; null if it is not sticky
     * @param zone of the proxy
     */
    public Group(
            Upstream upstream,
            @Nullable Watched<TlsClient> tls,
            @Nullable Watched<Secrets> secrets,
            String zone) {
        this(upstream, tls, secrets, unused(upstream, zone, new ConnectionLimits()));
    }

    private static Usage unused(Upstream upstream, String zone, ConnectionLimits connections) {
        return new Usage(
                new Endpoints(policy(upstream), zone, new UpstreamLog(upstream.name())),
                new WaitingLine(),
                new AtomicInteger(),
                new AtomicInteger(),
                new AtomicInteger(),
                new AtomicInteger(places(upstream)),
                connections,
                new Copies());
    }

    private Group(
            Upstream upstream,
            @Nullable Watched<TlsClient> tls,
            @Nullable Watched<Secrets> secrets,
            Usage usage) {
        this.upstream = upstream;
        this.tls = tls;
        pins =
                secrets == null
                        ? null
                        : new Pins(upstream.name(), upstream.sticky().orElseThrow(), secrets);
        this.usage = usage;
    }

    private static int places(Upstream upstream) {
        int requests = upstream.limits().flatMap(EndpointLimits::requests).orElse(ANY);
        return sharesConnections(upstream) ? requests : Math.min(requests, connections(upstream));
    }

    private static int connections(Upstream upstream) {
        return upstream.limits().flatMap(EndpointLimits::connections).orElse(ANY);
    }

    /** Whether several requests, of any clients, may be on their way on one connection. */
    public static boolean sharesConnections(Upstream upstream) {
        return upstream.version() != UpstreamVersion.H1 && upstream.proxyProtocol().isEmpty();
    }

    /**
     * What takes its place under another description; this one, if that is the same. Nothing
     * changes before the other one's {@link #activate}.
     */
    public Group replacedBy(
            Upstream next,
            @Nullable Watched<TlsClient> nextTls,
            @Nullable Watched<Secrets> secrets) {
        boolean alike = upstream.version() == next.version() && upstream.tls().equals(next.tls());
        if (!alike) {
            // Connections of both count together, as long as there are any of the old ones.
            Usage unused = unused(next, usage.endpoints.zone(), usage.connections);
            return new Group(next, nextTls, secrets, unused);
        }
        boolean same = upstream.equals(next) && Objects.equals(current(tls), current(nextTls));
        return same ? this : new Group(next, nextTls, secrets, usage);
    }

    private static Endpoints.Policy policy(Upstream upstream) {
        return new Endpoints.Policy(
                upstream.balancing(), upstream.ejection(), upstream.zones(), upstream.check());
    }

    /** As {@link #activate(List, long)}, with the endpoints that the configuration lists. */
    public void activate(long nowNanos) {
        activate(upstream.endpoints(), nowNanos);
    }

    /** Puts rules and members into effect. */
    public void activate(List<EndpointSpec> members, long nowNanos) {
        usage.endpoints.adopt(policy(upstream), members, nowNanos);
        usage.places.set(places(upstream));
        usage.connections.allow(connections(upstream));
        usage.line.serve();
    }

    /** What time alone changes; to be called about once a second. */
    public void sweep(long nowNanos) {
        usage.endpoints.sweep(nowNanos);
        usage.connections.retain(usage.endpoints.addresses());
        // An endpoint that is back has places that nobody gave back.
        usage.line.serve();
    }

    /** Who waits for an endpoint. */
    WaitingLine line() {
        return usage.line;
    }

    /** How many requests one endpoint takes at a time, by the rules of the moment. */
    int places() {
        return upstream.limits().isEmpty() ? ANY : usage.places.get();
    }

    boolean isLimited() {
        return places() != ANY;
    }

    private static @Nullable TlsClient current(@Nullable Watched<TlsClient> tls) {
        return tls == null ? null : tls.current();
    }

    public Endpoints endpoints() {
        return usage.endpoints;
    }

    /**
     * How it is doing.
     *
     * @param trouble with finding endpoints; empty if there is none
     */
    public UpstreamStatus status(String trouble, long nowNanos) {
        return new UpstreamStatus(
                upstream.name(),
                usage.endpoints.isPanic(),
                usage.requests.get(),
                usage.endpoints.ejections(),
                usage.endpoints.status(nowNanos).stream().map(this::withLimit).toList(),
                usage.copies.read(),
                usage.line.status(),
                trouble);
    }

    private EndpointStatus withLimit(EndpointStatus endpoint) {
        int places = places();
        ConnectionLimit limit = to(endpoint.address()).limit();
        if (limit != null && limit.isFull()) {
            return endpoint.because(
                    "full: %d of %d connections".formatted(limit.open(), limit.most()));
        }
        return endpoint.inFlight() < places
                ? endpoint
                : endpoint.because(
                        "full: %d of %d requests on their way"
                                .formatted(endpoint.inFlight(), places));
    }

    /** Of whom it trusts and what it shows, and of its cookies. */
    public List<Watched<?>> files() {
        return Stream.of(Optional.ofNullable(tls), Optional.ofNullable(pins).map(Pins::files))
                .<Watched<?>>flatMap(Optional::stream)
                .toList();
    }

    /** The cookie by which clients stay at an endpoint; null if they do not. */
    public @Nullable String cookie() {
        return pins == null ? null : pins.cookie();
    }

    /** What the cookie says of an endpoint. Only if there is one. */
    public String token(HostPort address) {
        return Objects.requireNonNull(pins).token(address, endpoints().addresses());
    }

    /** The endpoint that a cookie is for, if it is fit for use; null otherwise. */
    public @Nullable Endpoint pinned(@Nullable String token) {
        Pins so = pins;
        HostPort address =
                so == null || token == null ? null : so.find(token, endpoints().addresses());
        return address == null ? null : endpoints().pinned(address);
    }

    /** How one of its endpoints is spoken to from now on. */
    public Target to(HostPort endpoint) {
        boolean limited = upstream.limits().flatMap(EndpointLimits::connections).isPresent();
        return to(endpoint, limited ? usage.connections.of(endpoint) : null);
    }

    /** As {@link #to}, beside what is limited: for checks, which must not wait for requests. */
    Target beside(HostPort endpoint) {
        return to(endpoint, null);
    }

    private Target to(HostPort endpoint, @Nullable ConnectionLimit limit) {
        return new Target(
                endpoint, upstream.version(), current(tls), upstream.proxyProtocol(), limit);
    }

    /** How all of its endpoints are spoken to. */
    public Stream<Target> targets() {
        return usage.endpoints.addresses().stream().map(this::to);
    }

    /** Of requests that it gets copies of. */
    public Copies copies() {
        return usage.copies;
    }

    public Upstream upstream() {
        return upstream;
    }

    /** False if too many requests are on their way; each true needs a {@link #leave()}. */
    public boolean enter() {
        if (usage.requests.incrementAndGet() <= upstream.maxRequests()) {
            return true;
        }
        usage.requests.decrementAndGet();
        return false;
    }

    public void leave() {
        usage.requests.decrementAndGet();
    }

    /** One of the requests is a tunnel from now on; needs a {@link #endTunnel()}. */
    void becomeTunnel() {
        usage.tunnels.incrementAndGet();
    }

    void endTunnel() {
        usage.tunnels.decrementAndGet();
    }

    /** Tunnels, which may rest for hours, make no work that retries could be a share of. */
    private int working() {
        return usage.requests.get() - usage.tunnels.get();
    }

    /**
     * False if too many requests are on their second attempt: retries must not add to what makes
     * servers fail. Each true needs a {@link #leaveRetry()}.
     */
    public boolean enterRetry() {
        if (usage.retries.incrementAndGet() <= upstream.retries().budget(working())) {
            return true;
        }
        usage.retries.decrementAndGet();
        return false;
    }

    public void leaveRetry() {
        usage.retries.decrementAndGet();
    }
}
