package dev.sluice.engine.discovery;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Discovery;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Looks names up again when their answers end: on a virtual thread each. */
public final class DnsFinder implements Finder<Discovery.Dns>, AutoCloseable {
    private static final int MOST_DOUBLINGS = 20;

    private final EventLoop loop;
    private final Class<? extends DatagramChannel> datagrams;
    private final Class<? extends SocketChannel> connections;

    /** Made when it is needed first; guarded by this. */
    private @Nullable NettyDns dns;

    public DnsFinder(
            EventLoop loop,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> connections) {
        this.loop = loop;
        this.datagrams = datagrams;
        this.connections = connections;
    }

    private synchronized NettyDns dns() {
        if (dns == null) {
            dns = new NettyDns(loop, datagrams, connections);
        }
        return dns;
    }

    @Override
    public Search find(Discovery.Dns place, Consumer<Finding> hears) {
        Thread thread = Thread.ofVirtual().name(place.toString()).start(() -> run(place, hears));
        return thread::interrupt;
    }

    private void run(Discovery.Dns place, Consumer<Finding> hears) {
        try {
            int failures = 0;
            while (true) {
                Duration pause;
                try {
                    DnsLookup.Result result = look(place);
                    failures = 0;
                    pause = clamp(result.ttl(), place);
                    hears.accept(new Finding.Found(result.endpoints()));
                } catch (DnsException | RuntimeException e) {
                    // What servers say may be anything: the search goes on.
                    pause = clamp(place.minTtl().multipliedBy(1L << failures), place);
                    failures = Math.min(failures + 1, MOST_DOUBLINGS);
                    hears.accept(new Finding.Failed(String.valueOf(e.getMessage())));
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DnsLookup.Result look(Discovery.Dns place) throws DnsException, InterruptedException {
        List<HostPort> servers = place.servers().isEmpty() ? NameServers.ofHost() : place.servers();
        return DnsLookup.of(place, (name, type) -> dns().ask(servers, name, type));
    }

    /** As long as an answer lasts, within what the configuration allows. */
    static Duration clamp(Duration ttl, Discovery.Dns place) {
        Duration atLeast = ttl.compareTo(place.minTtl()) < 0 ? place.minTtl() : ttl;
        return atLeast.compareTo(place.maxTtl()) > 0 ? place.maxTtl() : atLeast;
    }

    @Override
    public synchronized void close() {
        if (dns != null) {
            dns.close();
        }
    }
}
