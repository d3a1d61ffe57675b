package dev.sluice.proxy.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts every proxy that is there, each with one thread, before the same server, and asks them in
 * turn, round after round, so that what else the machine does hits all alike. Measures the CPU time
 * of their processes, not of clients or server, which share this one.
 */
public final class ProxyBench {
    private static final int IDLE_STEP = 50;

    private final Options options;
    private final Consumer<String> progress;

    /**
     * How much is measured.
     *
     * @param warmups rounds that do not count: a JVM compiles in them
     * @param requests small ones of each proxy in each round
     * @param connections that are busy at the same time
     * @param idle connections for the measurement of memory; 0 for none
     * @param rate requests a second for the measurement of latencies; 0 for none
     * @param cases by the beginnings of their names; none for all
     */
    public record Options(
            int rounds,
            int warmups,
            int requests,
            int connections,
            int idle,
            int rate,
            List<String> cases) {
        public Options {
            cases = List.copyOf(cases);
        }

        List<BenchCase> chosen() {
            return BenchCase.all(requests).stream()
                    .filter(one ->
                            cases.isEmpty() || cases.stream().anyMatch(one.name()::startsWith))
                    .toList();
        }
    }

    /** Of all cases. */
    public record Report(
            List<BenchResult> requests, List<LatencyResult> latencies, List<IdleResult> idle) {}

    public ProxyBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Blocks until all is measured; the proxies are stopped and their files deleted. */
    public Report run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sluice-bench-");
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        try {
            return run(folder, loops);
        } finally {
            loops.shutdownGracefully();
            Site.delete(folder);
        }
    }

    private Report run(Path folder, EventLoopGroup loops) throws IOException, InterruptedException {
        TestCertificate certificate = TestCertificate.in(folder);
        int origin = new Origin(loops).port();
        List<Running> running = new ArrayList<>();
        try {
            for (Peer peer : Peer.values()) {
                Optional<String> missing = peer.missing();
                missing.ifPresent(why -> progress.accept("without " + peer.title() + ": " + why));
                if (missing.isEmpty()) {
                    Site site = Site.in(folder.resolve(peer.title()), origin, certificate);
                    running.add(Running.start(peer, site));
                }
            }
            // Ahead of all else: a heap that has grown does not shrink.
            List<IdleResult> idle = idle(loops, running);
            List<BenchResult> results = new ArrayList<>();
            List<LatencyResult> latencies = new ArrayList<>();
            for (BenchCase what : options.chosen()) {
                results.addAll(measure(loops, running, what));
                if (options.rate > 0) {
                    latencies.addAll(latencies(loops, running, what));
                }
            }
            return new Report(results, latencies, idle);
        } finally {
            running.forEach(Running::close);
        }
    }

    private List<BenchResult> measure(EventLoopGroup loops, List<Running> running, BenchCase what)
            throws IOException, InterruptedException {
        Map<Peer, double[]> micros = new EnumMap<>(Peer.class);
        running.forEach(proxy -> micros.put(proxy.peer(), new double[options.rounds]));
        SslContext tls = what.isTls() ? trustingAll(what.isHttp2()) : null;
        for (int round = -options.warmups; round < options.rounds; round++) {
            progress.accept(what.name() + ": round " + round);
            for (Running proxy : running) {
                double cost = round(loops, proxy, what, tls);
                double[] costs = micros.get(proxy.peer());
                if (round >= 0 && costs != null) {
                    costs[round] = cost;
                }
            }
        }
        List<BenchResult> results = new ArrayList<>();
        micros.forEach((peer, costs) ->
                results.add(
                        new BenchResult(
                                what,
                                peer,
                                Samples.of(costs),
                                peer == Peer.HAPROXY
                                        ? Optional.empty()
                                        : Optional.ofNullable(micros.get(Peer.HAPROXY))
                                                .map(theirs -> Samples.ratio(costs, theirs)))));
        return results;
    }

    /** Microseconds for a request. */
    private double round(
            EventLoopGroup loops, Running proxy, BenchCase what, @Nullable SslContext tls)
            throws IOException, InterruptedException {
        int port = tls == null ? proxy.site().plain() : proxy.site().tls();
        try (Clients clients = Clients.connect(loops, port, options.connections, what, tls)) {
            // Of handshakes and new connections to the server nothing is to be seen.
            clients.run(options.connections);
            long before = proxy.cpuNanos();
            clients.run(what.requests());
            return (proxy.cpuNanos() - before) / 1e3 / what.requests();
        } catch (IOException e) {
            throw new IOException(proxy.peer().title() + ", " + what.name() + ": " + e, e);
        }
    }

    private List<LatencyResult> latencies(
            EventLoopGroup loops, List<Running> running, BenchCase what)
            throws IOException, InterruptedException {
        Map<Peer, List<long[]>> nanos = new EnumMap<>(Peer.class);
        SslContext tls = what.isTls() ? trustingAll(what.isHttp2()) : null;
        for (int round = 0; round < options.rounds; round++) {
            progress.accept(what.name() + ": latencies, round " + round);
            for (Running proxy : running) {
                int port = tls == null ? proxy.site().plain() : proxy.site().tls();
                try (Clients clients =
                        Clients.connect(loops, port, options.connections, what, tls)) {
                    clients.run(options.connections);
                    nanos.computeIfAbsent(proxy.peer(), _ -> new ArrayList<>())
                            .add(clients.pace(what.requests(), options.rate));
                }
            }
        }
        List<LatencyResult> results = new ArrayList<>();
        nanos.forEach((peer, all) ->
                results.add(
                        new LatencyResult(
                                what, peer, options.rate, LatencyResult.Quantiles.of(all))));
        return results;
    }

    private List<IdleResult> idle(EventLoopGroup loops, List<Running> running)
            throws IOException, InterruptedException {
        List<IdleResult> results = new ArrayList<>();
        if (options.idle == 0) {
            return results;
        }
        BenchCase what = new BenchCase("idle", BenchCase.Protocol.H1, 16, options.idle);
        for (Running proxy : running) {
            progress.accept("idle connections: " + proxy.peer().title());
            List<Clients> all = new ArrayList<>();
            try {
                // Code and classes are there once something was done.
                all.add(Clients.connect(loops, proxy.site().plain(), IDLE_STEP, what, null));
                all.getFirst().run(IDLE_STEP * IDLE_STEP);
                long before = proxy.residentBytes();
                // Few at a time, or as many connections would be opened to the server.
                for (int made = IDLE_STEP; made < options.idle; made += IDLE_STEP) {
                    int port = proxy.site().plain();
                    all.add(Clients.connect(loops, port, IDLE_STEP, what, null));
                    all.getLast().run(IDLE_STEP);
                }
                results.add(
                        new IdleResult(
                                proxy.peer(),
                                all.size() * IDLE_STEP,
                                before,
                                proxy.residentBytes()));
            } finally {
                all.forEach(Clients::close);
            }
        }
        return results;
    }

    private static SslContext trustingAll(boolean http2) throws IOException {
        return SslContextBuilder.forClient()
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN,
                                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                http2
                                        ? ApplicationProtocolNames.HTTP_2
                                        : ApplicationProtocolNames.HTTP_1_1))
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
    }
}
