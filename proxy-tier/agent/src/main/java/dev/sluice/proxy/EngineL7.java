package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.HealthListener;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.discovery.Finder;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.proto.cluster.v1.TrafficReading;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The Netty engine, and the health port that directors probe: it opens with the first configuration
 * that is served, since directors send connections to whoever answers there.
 */
final class EngineL7 implements L7 {
    private static final Logger log = LoggerFactory.getLogger(EngineL7.class);
    private static final Duration HEALTH_RETRY = Duration.ofSeconds(1);

    private final Engine engine;
    private final HostPort healthAddress;

    /** Guarded by this, as {@link #health}. */
    private @Nullable Thread opening;

    private @Nullable HealthListener health;
    private boolean closed;

    /** Written by {@link #opening}, read by whoever publishes the member record. */
    private volatile @Nullable String healthProblem;

    private EngineL7(Engine engine, HostPort healthAddress) {
        this.engine = engine;
        this.healthAddress = healthAddress;
    }

    /**
     * Starts event loops; serves nothing yet.
     *
     * @throws IOException if this host cannot run it, or the health port is taken
     */
    static EngineL7 start(ProxyConfig config) throws IOException {
        HostPort address = new HostPort(config.node().address(), config.healthPort());
        requireFree(address);
        EngineOptions options =
                EngineOptions.defaults(config.node().id())
                        .withBuffers(config.node().state().resolve("buffers"))
                        .inZone(config.zone());
        return new EngineL7(start(options), address);
    }

    /** Now rather than when the first configuration comes. */
    private static void requireFree(HostPort address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address.inet());
        } catch (IOException e) {
            throw new IOException("health port " + address + ": " + e.getMessage(), e);
        }
    }

    static Engine start(EngineOptions options) throws IOException {
        try {
            return Engine.start(options);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Optional<String> illness(Engine engine) {
        return engine.config().entries().isEmpty()
                ? Optional.of("no configuration is served yet")
                : Optional.empty();
    }

    @Override
    public synchronized List<Problem> apply(String origin, L7Config config) {
        List<Problem> problems = engine.apply(origin, config);
        if (problems.isEmpty() && opening == null && !isHealthOpen()) {
            opening = Thread.ofVirtual().name("health").start(this::openHealth);
        }
        return problems;
    }

    @Override
    public List<Problem> attempt(String origin, L7Config config) {
        return engine.attempt(origin, config);
    }

    @Override
    public List<Problem> warnings(String origin, L7Config config) {
        return engine.warnings(origin, config);
    }

    @Override
    public void servicesBy(Finder<Discovery.Services> finder) {
        engine.servicesBy(finder);
    }

    /** It was free when the process began, and may have been taken since. */
    private void openHealth() {
        try {
            do {
                Thread.sleep(HEALTH_RETRY);
            } while (!isHealthOpen());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries to open it if it is not. */
    private synchronized boolean isHealthOpen() {
        if (closed || health != null) {
            return true;
        }
        try {
            health = HealthListener.start(engine, healthAddress, () -> illness(engine));
            healthProblem = null;
            return true;
        } catch (IllegalStateException e) {
            if (healthProblem == null) {
                log.atError().addKeyValue("why", e.getMessage()).log("health.not_open");
            }
            healthProblem = e.getMessage() + "; directors send nothing here until it is open";
            return false;
        }
    }

    @Override
    public void serve(Mode mode) {
        switch (mode) {
            case SERVING -> engine.resume();
            case DRAINING -> engine.drain();
            case CUTTING -> {
                engine.drain();
                engine.cut();
            }
        }
    }

    @Override
    public void reset(Predicate<FlowKey> flows) {
        engine.cut(peer -> flows.test(flow(peer)));
    }

    private static FlowKey flow(Peer peer) {
        return new FlowKey(
                Protocol.TCP,
                peer.socket().remote().address(),
                peer.socket().remote().port(),
                peer.socket().local().address(),
                peer.socket().local().port());
    }

    @Override
    public List<String> problems() {
        List<String> problems =
                new ArrayList<>(engine.problems().stream().map(Problem::toString).toList());
        engine.upstreams().stream()
                .filter(UpstreamStatus::panic)
                .forEach(one -> problems.add(panic(one)));
        engine.upstreams().stream()
                .filter(one -> !one.trouble().isEmpty())
                .forEach(one -> problems.add("upstream " + one.name() + ": " + one.trouble()));
        String problem = healthProblem;
        if (problem != null) {
            problems.add(problem);
        }
        return List.copyOf(problems);
    }

    @Override
    public List<UpstreamStatus> upstreams() {
        return engine.upstreams();
    }

    @Override
    public List<Captures.Kept> malformed() {
        return engine.figures().captures().last();
    }

    @Override
    public TrafficReading traffic() {
        return TrafficAnswer.of(load(), engine);
    }

    private static String panic(UpstreamStatus upstream) {
        return "upstream "
                + upstream.name()
                + ": panic: too few of its endpoints are fit, so all "
                + upstream.endpoints().size()
                + " are used; see why in the log, and look at the servers";
    }

    @Override
    public Map<String, Instant> certificates() {
        Map<String, Instant> ends = new TreeMap<>();
        engine.expiries().forEach(one -> ends.put(one.file(), one.notAfter()));
        return ends;
    }

    @Override
    public void addTo(MetricsText text) {
        EngineMetrics.addTo(text, engine);
    }

    @Override
    public Load load() {
        return load(engine);
    }

    static Load load(Engine engine) {
        dev.sluice.engine.Load load = engine.load();
        return new Load(load.connections(), load.requests() + load.tunnels());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opening != null) {
            opening.interrupt();
        }
        if (health != null) {
            health.close();
        }
        engine.close();
    }
}
