package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.discovery.Discoveries;
import dev.sluice.engine.discovery.DnsFinder;
import dev.sluice.engine.discovery.Finder;
import dev.sluice.engine.exchange.Exchange;
import dev.sluice.engine.files.FileThreads;
import dev.sluice.engine.health.HealthChecks;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.listener.Entrance;
import dev.sluice.engine.listener.Port;
import dev.sluice.engine.overload.Pulse;
import dev.sluice.engine.overload.Watchdog;
import dev.sluice.engine.tls.TlsServer;
import dev.sluice.engine.tls.Watched;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Target;
import dev.sluice.engine.upstream.UpstreamStatus;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * The L7 data path of one proxy: listens nowhere until a configuration is applied. All methods may
 * be called from any thread but the engine's own event loops; {@link #apply} and {@link #close}
 * block.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long CLOSE_SECONDS = 10;

    /** That a configuration waits for endpoints that are looked up; then it is live without. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

    private final EngineOptions options;
    private final EventLoopGroup group;
    private final Map<EventLoop, Loop> loops;
    private final Books books;
    private final Build.Site site;
    private final CertificateWatch certificates;
    private final UpstreamWatch upstreams;
    private final HealthChecks checks;
    private final BufferStore buffers;
    private final ExecutorService files = FileThreads.start();
    private final Figures figures;
    private final Watchdog watchdog;
    private final DnsFinder dns;
    private final Discoveries discoveries;

    /** Guarded by this. */
    private final Map<HostPort, Port> ports = new HashMap<>();

    /** Written by {@link #apply}, read once at the start of each connection and request. */
    private volatile Snapshot snapshot = Snapshot.EMPTY;

    /** Written by {@link #drain} and {@link #resume}, read with each response. */
    private volatile boolean draining;

    private Engine(EngineOptions options) {
        this.options = options;
        books = new Books();
        buffers = BufferStore.in(options.buffers());
        group =
                new MultiThreadIoEventLoopGroup(
                        options.loops(),
                        new DefaultThreadFactory("sluice-loop"),
                        options.transport().handlers());
        Map<EventLoop, Loop> made = new HashMap<>();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            Connections upstreams =
                    new Connections(
                            loop,
                            options.loops(),
                            options.transport().clientType(),
                            books.captures::add);
            Pulse pulse = new Pulse(loop, () -> snapshot.config().overload(), options.lag());
            made.put(loop, new Loop(loop, upstreams, () -> draining, books, pulse));
        }
        loops = Map.copyOf(made);
        List<Pulse> pulses = loops.values().stream().map(Loop::pulse).toList();
        watchdog = Watchdog.over(pulses);
        figures = new Figures(books, buffers, pulses, watchdog, () -> snapshot);
        pulses.forEach(Pulse::start);
        site =
                new Build.Site(
                        options,
                        loops.keySet(),
                        buffers,
                        new Entrances.Surroundings(
                                loop -> new Handler(loop(loop)),
                                this::loop,
                                options.transport().clientType(),
                                books),
                        new Building());
        certificates = new CertificateWatch(this::files, () -> retain(snapshot));
        checks =
                new HealthChecks(
                        loops.values().stream()
                                .map(one -> new HealthChecks.Site(one.eventLoop(), one.upstreams()))
                                .toList());
        upstreams = new UpstreamWatch(() -> snapshot.groups().values());
        dns =
                new DnsFinder(
                        loops.keySet().iterator().next(),
                        options.transport().datagramType(),
                        options.transport().clientType().asSubclass(SocketChannel.class));
        discoveries = new Discoveries(dns, this::onEndpoints);
    }

    /** Throws {@link IllegalStateException} with the way out if this host cannot run it. */
    public static Engine start(EngineOptions options) {
        options.transport().check();
        return new Engine(options);
    }

    /** Who knows the endpoints of services; to be told before the first configuration. */
    public void servicesBy(Finder<Discovery.Services> finder) {
        discoveries.servicesBy(finder);
    }

    // ---- configuration

    /**
     * Puts a configuration to work, or leaves the running one alone and says what is wrong: files
     * are read, keys matched and addresses bound before anything is swapped. Requests in flight and
     * connections finish by what they began with.
     *
     * @param origin what problems name as their file
     * @return what is wrong; empty if the configuration is live
     */
    public synchronized List<Problem> apply(String origin, L7Config config) {
        Build built = build(origin, config);
        if (!built.problems().isEmpty()) {
            built.discard();
            figures.refused.increment();
            return List.copyOf(built.problems());
        }
        discoveries.follow(Lookups.places(config));
        discoveries.awaitFirst(FIRST_LOOK);
        activate(built.groups().values());
        swap(
                Snapshot.of(
                        config,
                        built.entrances(),
                        built.groups(),
                        snapshot.gates().next(),
                        options.proxyId()));
        books.logBy(config.telemetry().accessLog());
        books.traceBy(config.telemetry().tracing(), options.proxyId());
        books.traffic.retain(built.groups().keySet());
        figures.applied.increment();
        ports.putAll(built.bound());
        built.bound().values().forEach(Port::open);
        closePortsOtherThan(built.entrances().keySet());
        LOG.atInfo()
                .addKeyValue("origin", origin)
                .addKeyValue("listeners", config.entries().size())
                .addKeyValue("routes", config.routes().size())
                .addKeyValue("upstreams", config.upstreams().size())
                .log("configuration-applied");
        return List.of();
    }

    /**
     * As {@link #apply}, but what is built is thrown away: the running configuration stays.
     *
     * @return what is wrong; empty if it would be live
     */
    public synchronized List<Problem> attempt(String origin, L7Config config) {
        Build built = build(origin, config);
        built.discard();
        return List.copyOf(built.problems());
    }

    /** What is no reason to refuse it: endpoints that cannot be looked up. Waits 3 s at most. */
    public List<Problem> warnings(String origin, L7Config config) {
        return Lookups.warnings(origin, config, discoveries, FIRST_LOOK);
    }

    private Build build(String origin, L7Config config) {
        return Build.of(site, origin, config, snapshot, ports.keySet());
    }

    private String trouble(Upstream upstream) {
        return upstream.discovery()
                .map(place -> discoveries.of(place).trouble())
                .filter(trouble -> !trouble.isEmpty())
                .map(trouble -> upstream.discovery().orElseThrow() + ": " + trouble)
                .orElse("");
    }

    /** Before anybody can find the new ones empty. */
    private void activate(Collection<Group> groups) {
        long now = Ticker.systemTicker().nanoTime();
        groups.forEach(group -> group.activate(members(group.upstream()), now));
    }

    private List<EndpointSpec> members(Upstream upstream) {
        return upstream.discovery()
                .map(place -> discoveries.of(place).endpoints())
                .orElse(upstream.endpoints());
    }

    /** Endpoints were found, or are gone; what is known of the others stays. */
    private synchronized void onEndpoints() {
        if (!group.isShuttingDown()) {
            activate(snapshot.groups().values());
            retain(snapshot);
            checks.follow(snapshot.groups().values());
        }
    }

    private void swap(Snapshot next) {
        snapshot = next;
        retain(next);
        checks.follow(next.groups().values());
    }

    /** Upstream connections that are not what new ones would be end with what is on them. */
    private void retain(Snapshot live) {
        Set<Target> targets = live.targets();
        loops.values()
                .forEach(loop -> loop.eventLoop().execute(() -> loop.upstreams().retain(targets)));
    }

    private void closePortsOtherThan(Set<HostPort> addresses) {
        List<HostPort> gone =
                ports.keySet().stream().filter(address -> !addresses.contains(address)).toList();
        gone.forEach(address -> Objects.requireNonNull(ports.remove(address)).close());
    }

    /** The one that was applied last; {@link L7Config#EMPTY} before. */
    public L7Config config() {
        return snapshot.config();
    }

    /** Of the certificates that are served. */
    public List<TlsServer.Expiry> expiries() {
        return servers().stream().flatMap(server -> server.expiries().stream()).toList();
    }

    /**
     * What is wrong with files of the configuration that changed since; the last good ones serve.
     */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(certificates.problems());
        servers().forEach(server -> problems.addAll(server.overdue(Instant.now())));
        return List.copyOf(problems);
    }

    private Collection<Watched<?>> files() {
        List<Watched<?>> files = new ArrayList<>();
        servers().forEach(server -> files.add(server.files()));
        snapshot.groups().values().forEach(group -> files.addAll(group.files()));
        return files;
    }

    private Collection<TlsServer> servers() {
        Set<TlsServer> servers = new LinkedHashSet<>();
        for (Entrance entrance : snapshot.entrances().values()) {
            TlsServer tls = entrance.tls();
            if (tls != null) {
                servers.add(tls);
            }
        }
        return servers;
    }

    // ---- drain

    /**
     * Lets connections end: responses say {@code Connection: close}, idle ones are closed within a
     * few seconds, requests in flight and tunnels go on. New connections are still served, one
     * request each.
     */
    public void drain() {
        draining = true;
        loops.values().forEach(loop -> loop.eventLoop().execute(loop::onDrain));
        LOG.atInfo().addKeyValue("load", load()).log("drain-begun");
    }

    /** Undoes {@link #drain}. */
    public void resume() {
        draining = false;
        LOG.atInfo().addKeyValue("load", load()).log("drain-undone");
    }

    public boolean isDraining() {
        return draining;
    }

    /** Closes every client connection that is left, whatever it is doing. */
    public void cut() {
        cut(_ -> true);
    }

    /**
     * Closes some client connections, whatever they are doing.
     *
     * @param which asked on event loops
     */
    public void cut(Predicate<Peer> which) {
        LOG.atInfo().addKeyValue("load", load()).log("connections-cut");
        loops.values().forEach(loop -> loop.eventLoop().execute(() -> loop.onCut(which)));
    }

    public Load load() {
        return books.load();
    }

    public Figures figures() {
        return figures;
    }

    /** How the upstreams of the configuration of the moment are doing. */
    public List<UpstreamStatus> upstreams() {
        Snapshot live = snapshot;
        long now = Ticker.systemTicker().nanoTime();
        return live.config().upstreams().stream()
                .map(one ->
                        Objects.requireNonNull(live.groups().get(one.name()))
                                .status(trouble(one), now))
                .toList();
    }

    /** Stops listening, cuts every connection, and waits for the event loops to end. */
    @Override
    public synchronized void close() {
        watchdog.close();
        certificates.close();
        upstreams.close();
        discoveries.close();
        dns.close();
        checks.close();
        closePortsOtherThan(Set.of());
        cut();
        loops.values().forEach(loop -> loop.eventLoop().execute(loop.upstreams()::closeAll));
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        buffers.close();
        files.close();
        books.logBy(Optional.empty());
        books.traceBy(Optional.empty(), options.proxyId());
    }

    private Loop loop(EventLoop eventLoop) {
        return Objects.requireNonNull(loops.get(eventLoop));
    }

    /** How late each event loop is, in nanoseconds. */
    LongStream lags() {
        return loops.values().stream().mapToLong(loop -> loop.pulse().lagNanos());
    }

    EventLoopGroup group() {
        return group;
    }

    EngineOptions options() {
        return options;
    }

    /** What connections see of the engine. */
    private final class Building implements Port.Building {
        @Override
        public @Nullable Entrance entrance(HostPort address) {
            return snapshot.entrances().get(address);
        }

        @Override
        public Loop household(EventLoop eventLoop) {
            return loop(eventLoop);
        }
    }

    /** Starts the exchanges of an event loop's requests. */
    private final class Handler implements RequestHandler {
        private final Loop loop;
        private final Exchange.Surroundings exchanges;

        Handler(Loop loop) {
            this.loop = loop;
            exchanges = new Exchange.Surroundings(loop.upstreams(), buffers, files, books);
        }

        @Override
        public RequestSink onRequest(RequestHead head, Peer peer, ClientStream client) {
            Exchange exchange = new Exchange(head, peer, client, snapshot.rules(), exchanges);
            if (loop.takesRequests()) {
                exchange.start();
            } else {
                exchange.shed();
            }
            return exchange;
        }

        @Override
        public void onRefused(Failure why, Peer peer) {
            books.onRefused(why, peer);
        }
    }
}
