package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.HealthListener;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The Netty engine, with the health port that directors probe. */
final class EngineL7 implements L7 {
    private final Engine engine;
    private final HealthListener health;

    private EngineL7(Engine engine, HealthListener health) {
        this.engine = engine;
        this.health = health;
    }

    /**
     * Starts event loops and the health port; serves nothing yet.
     *
     * @throws IOException if this host cannot run it, or the port is taken
     */
    static EngineL7 start(ProxyConfig config) throws IOException {
        HostPort address = new HostPort(config.node().address(), config.healthPort());
        Engine engine = start(EngineOptions.defaults(config.node().id()));
        try {
            return new EngineL7(
                    engine, HealthListener.start(engine, address, () -> illness(engine)));
        } catch (IllegalStateException e) {
            engine.close();
            throw new IOException(e.getMessage(), e);
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
    public List<Problem> apply(String origin, L7Config config) {
        return engine.apply(origin, config);
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
    public void close() {
        health.close();
        engine.close();
    }
}
