package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.FlowReset;
import dev.sluice.datapath.KernelFlows;
import dev.sluice.datapath.bpf.DatapathException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * An L7 server that is not ours (HAProxy, nginx) behind the redirect. The kernel knows its
 * connections: they are counted, and ended when a deadline passes, without it being asked. It is
 * not told of a drain: no new connection reaches it, and the open ones go on.
 */
final class ExternalL7 implements L7 {
    private static final Logger log = LoggerFactory.getLogger(ExternalL7.class);

    private final ServerConfig server;
    private final KernelFlows sockets;
    private final ServerWatch watch;

    private ExternalL7(ServerConfig server, KernelFlows sockets, ServerWatch watch) {
        this.server = server;
        this.sockets = sockets;
        this.watch = watch;
    }

    /**
     * @throws IOException if the kernel does not list its sockets
     */
    static ExternalL7 start(ProxyConfig config, ServerConfig server) throws IOException {
        try {
            KernelFlows sockets =
                    KernelFlows.open(config.node().datapath().pins().resolve("server-sockets"));
            HostPort health = new HostPort(config.node().address(), config.healthPort());
            ServerWatch watch = new ServerWatch(server, health);
            watch.start();
            return new ExternalL7(server, sockets, watch);
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean takesConfigurations() {
        return false;
    }

    @Override
    public List<Problem> apply(String origin, L7Config config) {
        throw new IllegalStateException("the server has a configuration of its own");
    }

    @Override
    public List<Problem> attempt(String origin, L7Config config) {
        throw new IllegalStateException("the server has a configuration of its own");
    }

    @Override
    public void serve(Mode mode) {
        switch (mode) {
            case SERVING, DRAINING -> {}
            case CUTTING -> reset(server::serves);
        }
    }

    @Override
    public void reset(Predicate<FlowKey> flows) {
        try (FlowReset kernel = FlowReset.open()) {
            kernel.reset(
                    sockets.liveFlows().stream().filter(server::serves).filter(flows).toList());
        } catch (DatapathException | UncheckedIOException e) {
            log.atError().addKeyValue("why", e.getMessage()).log("server.flows_not_reset");
        }
    }

    @Override
    public Load load() {
        try {
            return new Load(sockets.liveFlows().stream().filter(server::serves).count(), 0);
        } catch (UncheckedIOException e) {
            log.atWarn().addKeyValue("why", e.getMessage()).log("server.flows_not_counted");
            return new Load(0, 0);
        }
    }

    @Override
    public List<String> problems() {
        return watch
                .problem()
                .map(why -> why + "; directors send nothing here until it does")
                .stream()
                .toList();
    }

    @Override
    public void close() {
        watch.close();
    }
}
