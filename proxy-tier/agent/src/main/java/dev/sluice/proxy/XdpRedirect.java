package dev.sluice.proxy;

import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.FlowReset;
import dev.sluice.datapath.KernelFlows;
import dev.sluice.datapath.RedirectDatapath;
import dev.sluice.datapath.RedirectDatapathSpec;
import dev.sluice.datapath.SynCookies;
import dev.sluice.datapath.Transmit;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.XdpMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Second chances by XDP in this host's kernel. Owned by the thread that opened it. */
final class XdpRedirect implements Redirect {
    private final String self;
    private final RedirectDatapath datapath;
    private final KernelFlows sockets;
    private final CookieWatch cookies;

    private XdpRedirect(String self, RedirectDatapath datapath, KernelFlows sockets) {
        this.self = self;
        this.datapath = datapath;
        this.sockets = sockets;
        this.cookies = new CookieWatch(SynCookies.sent(), System.nanoTime());
    }

    /** Starts redirecting, or takes over what an earlier process left pinned. */
    static XdpRedirect open(ProxyConfig config) throws IOException {
        NodeConfig node = config.node();
        Path sockets = node.datapath().pins().resolve("sockets");
        SnapshotFile snapshot = SnapshotFile.in(node.state());
        return asking(() ->
                new XdpRedirect(
                        node.id(),
                        RedirectDatapath.open(spec(config), () -> tables(snapshot)),
                        KernelFlows.open(sockets)));
    }

    private static List<ForwardingTable> tables(SnapshotFile snapshot) {
        return snapshot.load().pools().stream().map(ChainTable::of).toList();
    }

    private static RedirectDatapathSpec spec(ProxyConfig config) {
        NodeConfig node = config.node();
        RedirectDatapathSpec spec =
                new RedirectDatapathSpec(
                                node.datapath().device(),
                                node.datapath().pins(),
                                node.address(),
                                switch (node.datapath().transmit()) {
                                    case GATEWAY -> Transmit.toSender();
                                    case FIB -> Transmit.byRoutes();
                                })
                        .withStrayRate(config.redirect().strayRate())
                        .withMode(
                                switch (node.datapath().xdp()) {
                                    case AUTO -> XdpMode.AUTO;
                                    case GENERIC -> XdpMode.GENERIC;
                                });
        return switch (config.redirect().mss()) {
            case CLAMP -> spec;
            case OFF -> spec.withoutClampedMss();
        };
    }

    @Override
    public Map<String, Long> installed() throws IOException {
        return asking(datapath::installed);
    }

    @Override
    public void install(ForwardingTable table) throws IOException {
        telling(() -> datapath.install(table, self));
    }

    @Override
    public void confirm(long untilNanos) throws IOException {
        telling(() -> datapath.confirmAll(untilNanos));
    }

    @Override
    public void allowSenders(Set<Address> senders) throws IOException {
        telling(() -> datapath.allowSenders(senders));
    }

    @Override
    public Collection<FlowKey> flows() throws IOException {
        return asking(sockets::liveFlows);
    }

    @Override
    public int reset(Collection<FlowKey> flows) throws IOException {
        return asking(() -> {
            // Opened for the occasion: deadlines that pass are rare.
            try (FlowReset reset = FlowReset.open()) {
                return reset.reset(flows);
            }
        });
    }

    @Override
    public boolean cookiesSentLately() throws IOException {
        return asking(() -> cookies.sentLately(SynCookies.sent(), System.nanoTime()));
    }

    @Override
    public void close() {
        datapath.close();
    }

    private static void telling(Runnable request) throws IOException {
        asking(() -> {
            request.run();
            return true;
        });
    }

    private static <T> T asking(Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (DatapathException | UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
