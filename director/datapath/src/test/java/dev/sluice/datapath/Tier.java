package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A director and the redirects of all proxies of a fabric, each on its node's own thread. */
final class Tier implements AutoCloseable {
    private static final int OLDER = 1;
    private final Fabric fabric;
    private final Transmit transmit;
    private final Map<String, RedirectDatapath> redirects = new LinkedHashMap<>();
    private DirectorDatapath director;

    Tier(Fabric fabric, Transmit transmit) {
        this.fabric = fabric;
        this.transmit = transmit;
        for (String proxy : fabric.proxies()) {
            redirects.put(proxy, openRedirect(proxy));
        }
        director = openDirector();
    }

    private DirectorDatapath openDirector(ForwardingTable... known) {
        return fabric.node(Fabric.DIRECTOR)
                .call(() ->
                        DirectorDatapath.open(directorSpec(Fabric.DEVICE), () -> List.of(known)));
    }

    private RedirectDatapath openRedirect(String proxy, ForwardingTable... known) {
        RedirectDatapathSpec spec =
                new RedirectDatapathSpec(
                        Fabric.DEVICE, fabric.pins(proxy), Fabric.address(proxy), transmit);
        return fabric.node(proxy).call(() -> RedirectDatapath.open(spec, () -> List.of(known)));
    }

    DirectorDatapathSpec directorSpec(String device) {
        return new DirectorDatapathSpec(
                device, fabric.pins(Fabric.DIRECTOR), Fabric.address(Fabric.DIRECTOR), transmit);
    }

    /** Proxy hosts first, as learning of a commit does; each is confirmed for ever. */
    void install(ForwardingTable table) {
        redirects.forEach((proxy, redirect) ->
                fabric.node(proxy)
                        .run(() -> {
                            redirect.install(table, proxy);
                            redirect.confirm(table.pool(), Long.MAX_VALUE);
                        }));
        fabric.node(Fabric.DIRECTOR).run(() -> director.install(table));
    }

    /** The death of the director's process, as far as the kernel is concerned. */
    void closeDirector() {
        fabric.node(Fabric.DIRECTOR).run(() -> director.close());
    }

    void takeOverDirector() {
        director = openDirector();
    }

    /** All hosts get new processes, whose version has another layout than the one before. */
    void upgrade(ForwardingTable known) {
        closeDirector();
        LifecycleIT.changeLayout(fabric.pins(Fabric.DIRECTOR), OLDER);
        director = openDirector(known);
        redirects.replaceAll((proxy, redirect) -> {
            fabric.node(proxy).run(redirect::close);
            LifecycleIT.changeLayout(fabric.pins(proxy), OLDER);
            return openRedirect(proxy, known);
        });
    }

    Map<String, Long> directorInstalled() {
        return fabric.node(Fabric.DIRECTOR).call(() -> director.installed());
    }

    long packets(DirectorCounter counter) {
        return fabric.node(Fabric.DIRECTOR)
                .call(() -> director.counters())
                .getOrDefault(counter, 0L);
    }

    void watch(FlowKey flow) {
        fabric.node(Fabric.DIRECTOR).run(() -> director.watch(flow));
        watchOnProxies(flow);
    }

    /** The director does not look, and so forwards on the straight way where it can. */
    void watchOnProxies(FlowKey flow) {
        redirects.forEach((proxy, r) -> fabric.node(proxy).run(() -> r.watch(flow)));
    }

    /** Packets of the one watched flow on a node. */
    long packets(String node, FlowVerdict verdict) {
        WatchedFlow watched =
                fabric.node(node)
                        .call(() -> {
                            try (PinnedDatapath<?> pinned = pinned(node)) {
                                return pinned.watched().getFirst();
                            }
                        });
        return watched.packets(verdict);
    }

    private PinnedDatapath<?> pinned(String node) {
        return node.equals(Fabric.DIRECTOR)
                ? PinnedDatapath.director(fabric.pins(node))
                : PinnedDatapath.redirect(fabric.pins(node));
    }

    long packets(String proxy, RedirectCounter counter) {
        RedirectDatapath redirect = redirects.get(proxy);
        if (redirect == null) {
            throw new IllegalArgumentException(proxy);
        }
        return fabric.node(proxy).call(redirect::counters).getOrDefault(counter, 0L);
    }

    @Override
    public void close() {
        fabric.node(Fabric.DIRECTOR).run(() -> director.destroy());
        redirects.forEach((proxy, redirect) -> fabric.node(proxy).run(redirect::destroy));
    }
}
