package dev.sluice.director;

import dev.sluice.cluster.agent.DirectorObservation.HopProbed;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Proxy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Probes every proxy's health port by a TCP connect, each on a virtual thread of its own.
 *
 * <p>{@link #follow} and {@link #close} belong to the director's owner thread; results are handed
 * over from the probing threads.
 */
final class HopProbes implements AutoCloseable {
    private final DirectorConfig.Probing probing;
    private final Consumer<HopProbed> results;
    private final Map<String, Probe> probes = new HashMap<>();

    HopProbes(DirectorConfig.Probing probing, Consumer<HopProbed> results) {
        this.probing = probing;
        this.results = results;
    }

    private record Probe(Address address, Thread thread) {}

    /** Probes exactly these proxies from now on. */
    void follow(Map<String, Proxy> proxies) {
        probes.entrySet().removeIf(e -> stopIfStale(e.getValue(), proxies.get(e.getKey())));
        proxies.forEach((id, proxy) -> probes.computeIfAbsent(id, i -> start(proxy)));
    }

    private static boolean stopIfStale(Probe probe, @Nullable Proxy proxy) {
        boolean stale = proxy == null || !proxy.address().equals(probe.address());
        if (stale) {
            probe.thread().interrupt();
        }
        return stale;
    }

    private Probe start(Proxy proxy) {
        Thread thread =
                Thread.ofVirtual().name("probe-" + proxy.id()).start(() -> probeForever(proxy));
        return new Probe(proxy.address(), thread);
    }

    private void probeForever(Proxy proxy) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                results.accept(probe(proxy));
                Thread.sleep(probing.interval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HopProbed probe(Proxy proxy) {
        InetSocketAddress target = new InetSocketAddress(proxy.address().inet(), probing.port());
        try (Socket socket = new Socket()) {
            socket.connect(target, (int) probing.timeout().toMillis());
            return new HopProbed(proxy.id(), true, "");
        } catch (IOException e) {
            return new HopProbed(proxy.id(), false, "probe of " + target + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        probes.values().forEach(p -> p.thread().interrupt());
    }
}
