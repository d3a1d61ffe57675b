package dev.sluice.proxy;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.node.ConfigFile;
import dev.sluice.cluster.node.MetricsEndpoint;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.node.RoleCommand;
import dev.sluice.cluster.node.Service;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** {@code sluice proxy run}: wires a proxy and runs it until SIGTERM. */
public final class ProxyRole {
    private static final Logger log = LoggerFactory.getLogger(ProxyRole.class);

    private ProxyRole() {}

    /**
     * A proxy of a cluster.
     *
     * @param file see {@link ProxyConfig}
     * @return the exit code: 0 after a signal, 1 if it could not start, 2 for a bad file; the
     *     reason is on standard error
     */
    public static int run(Path file) throws InterruptedException {
        return run(file, ProxyConfig::read, EngineL7::start);
    }

    /**
     * A proxy of a cluster whose L7 server is not ours.
     *
     * @param file see {@link ProxyConfig}; it names the server's addresses
     * @return as {@link #run}
     */
    public static int redirectOnly(Path file) throws InterruptedException {
        return run(file, ProxyConfig::readRedirectOnly, ProxyRole::external);
    }

    private static L7 external(ProxyConfig config) throws IOException {
        return ExternalL7.start(config, config.server().orElseThrow());
    }

    /** What a proxy serves with. */
    private interface Starter {
        L7 start(ProxyConfig config) throws IOException;
    }

    private static int run(Path file, Function<Section, ProxyConfig> reader, Starter starter)
            throws InterruptedException {
        return RoleCommand.run(
                file, reader, "proxy cannot start", config -> serve(config, starter));
    }

    private static int serve(ProxyConfig config, Starter starter)
            throws IOException, InterruptedException {
        Redirect redirect = XdpRedirect.open(config);
        L7 l7 = starter.start(config);
        log.atInfo().addKeyValue("proxy", config.node().id()).log("proxy.started");
        ProxyProcess process = new ProxyProcess(config, redirect, l7);
        Path pins = config.node().datapath().pins();
        try (MetricsEndpoint _ =
                MetricsEndpoint.open(
                        config.node().metrics(),
                        () -> ProxyMetrics.of(process.state(), l7, pins))) {
            Service.runUntilStopped(process);
        }
        return 0;
    }

    /**
     * One L7 configuration from a file, without ZooKeeper or redirect: for trials and benchmarks.
     *
     * @param file an L7 configuration, or a folder with the files of one
     * @param metrics where Prometheus is answered; empty for nowhere
     * @param zone where the host is; empty if that does not matter
     * @return as {@link #run}
     */
    public static int standalone(Path file, Optional<HostPort> metrics, String zone)
            throws InterruptedException {
        return RoleCommand.run(
                file,
                L7Config::read,
                "cannot serve",
                config -> {
                    Standalone standalone = new Standalone(file, config, zone);
                    try (MetricsEndpoint _ = MetricsEndpoint.open(metrics, standalone::metrics)) {
                        Service.runUntilStopped(standalone);
                    }
                    return 0;
                });
    }

    private static final class Standalone implements Service {
        private final Engine engine;
        private final CountDownLatch closed = new CountDownLatch(1);

        Standalone(Path file, L7Config config, String zone)
                throws IOException, ConfigFile.RefusedException {
            engine = EngineL7.start(EngineOptions.defaults("standalone").inZone(zone));
            List<Problem> problems = engine.apply(file.toString(), config);
            if (!problems.isEmpty()) {
                engine.close();
                throw new ConfigFile.RefusedException(problems);
            }
            log.atInfo().addKeyValue("file", file).log("standalone.serving");
        }

        MetricsText metrics() {
            MetricsText text = ProxyMetrics.of(EngineL7.load(engine));
            EngineMetrics.addTo(text, engine);
            return text;
        }

        @Override
        public void run() throws InterruptedException {
            closed.await();
            engine.close();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
