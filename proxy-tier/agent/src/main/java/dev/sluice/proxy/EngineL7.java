package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.HealthListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/**
 * The Netty engine, and the health port that directors probe: it opens with the first configuration
 * that is served, since directors send connections to whoever answers there.
 */
final class EngineL7 implements L7 {
    private final Engine engine;
    private final HostPort healthAddress;

    /** Guarded by this. */
    private @Nullable HealthListener health;

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
        return new EngineL7(start(EngineOptions.defaults(config.node().id())), address);
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
        return engine.config().listeners().isEmpty()
                ? Optional.of("no configuration is served yet")
                : Optional.empty();
    }

    @Override
    public synchronized List<Problem> apply(String origin, L7Config config) {
        List<Problem> problems = engine.apply(origin, config);
        if (problems.isEmpty() && health == null) {
            health = HealthListener.start(engine, healthAddress, () -> illness(engine));
        }
        return problems;
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
    public Load load() {
        dev.sluice.engine.Load load = engine.load();
        return new Load(load.connections(), load.requests() + load.tunnels());
    }

    @Override
    public synchronized void close() {
        if (health != null) {
            health.close();
        }
        engine.close();
    }
}
