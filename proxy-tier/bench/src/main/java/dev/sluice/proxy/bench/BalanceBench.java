package dev.sluice.proxy.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How evenly balancers spread work, and what becomes of latencies: every proxy that is there, with
 * each of its balancers, stands before the same servers and gets the same script of requests.
 */
public final class BalanceBench {
    private static final int WORKERS = 6;

    /** Of what the servers can do. */
    private static final double LOAD = 0.6;

    private final Options options;
    private final Consumer<String> progress;

    /**
     * How much is measured.
     *
     * @param rounds that count
     * @param warmups rounds before, in which a JVM compiles
     * @param requests of each balancer in a round
     */
    public record Options(int rounds, int warmups, int requests) {}

    /** What is special about the servers. */
    public enum Servers {
        /** Nothing. */
        EQUAL(1),
        /** One of them takes twice as long for all it does. */
        ONE_SLOW(2);

        private final double slowness;

        Servers(double slowness) {
            this.slowness = slowness;
        }

        /** What they are called in results. */
        public String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public BalanceBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Blocks until all is measured; the proxies are stopped and their files deleted. */
    public List<BalanceResult> run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sluice-balance-");
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Map<Balancer, Running> running = new EnumMap<>(Balancer.class);
        try {
            List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(new Worker(loop));
            }
            start(folder, workers, running);
            List<BalanceResult> results = new ArrayList<>();
            for (Servers servers : Servers.values()) {
                results.addAll(measure(servers, workers, running));
            }
            return results;
        } finally {
            running.values().forEach(Running::close);
            loop.shutdownGracefully();
            Site.delete(folder);
        }
    }

    private void start(Path folder, List<Worker> workers, Map<Balancer, Running> running)
            throws IOException, InterruptedException {
        TestCertificate certificate = TestCertificate.in(folder);
        List<Integer> ports = workers.stream().map(Worker::port).toList();
        for (Balancer balancer : Balancer.values()) {
            Optional<String> missing = balancer.peer().missing();
            missing.ifPresent(why -> progress.accept("without " + balancer.title() + ": " + why));
            if (missing.isEmpty()) {
                Path own = folder.resolve(balancer.title());
                Site site = Site.in(own, ports, balancer.setting(), certificate);
                running.put(balancer, Running.start(balancer.peer(), site));
            }
        }
    }

    private List<BalanceResult> measure(
            Servers servers, List<Worker> workers, Map<Balancer, Running> running)
            throws IOException, InterruptedException {
        Map<Balancer, Figures> figures = new EnumMap<>(Balancer.class);
        for (int round = -options.warmups; round < options.rounds; round++) {
            // Another one in each round, and the same for all.
            Script script = Script.of(options.requests, LOAD * capacity(servers), round);
            for (Map.Entry<Balancer, Running> one : running.entrySet()) {
                progress.accept(servers.title() + ", round " + round + ": " + one.getKey().title());
                prepare(servers, workers);
                double[] millis = Play.of(script, one.getValue().site().plain());
                if (round >= 0) {
                    figures.computeIfAbsent(one.getKey(), _ -> new Figures(options.rounds))
                            .add(round, workers, millis);
                }
            }
        }
        Figures leastconn = figures.get(Balancer.HAPROXY_LEASTCONN);
        Optional<double[]> theirs = Optional.ofNullable(leastconn).map(peer -> peer.delay);
        List<BalanceResult> results = new ArrayList<>();
        figures.forEach((balancer, own) -> results.add(own.result(servers, balancer, theirs)));
        return results;
    }

    /** Seconds of work that the servers do in a second. */
    private static double capacity(Servers servers) {
        return Worker.PLACES * (WORKERS - 1 + 1 / servers.slowness);
    }

    private static void prepare(Servers servers, List<Worker> workers) {
        workers.forEach(worker -> worker.reset(1));
        workers.getFirst().reset(servers.slowness);
    }

    /** Of one balancer, round by round. */
    private static final class Figures {
        private final double[] spread;
        private final double[] delay;
        private final double[] p99;
        private int answered;

        Figures(int rounds) {
            spread = new double[rounds];
            delay = new double[rounds];
            p99 = new double[rounds];
        }

        void add(int round, List<Worker> workers, double[] millis) {
            double[] worked = workers.stream().mapToDouble(Worker::workedMillis).toArray();
            spread[round] = spread(worked);
            delay[round] = Arrays.stream(millis).average().orElseThrow();
            p99[round] = Samples.quantile(millis, 0.99);
            answered += millis.length;
        }

        private static double spread(double[] worked) {
            double most = 0;
            double sum = 0;
            for (double one : worked) {
                most = Math.max(most, one);
                sum += one;
            }
            return most * worked.length / sum;
        }

        BalanceResult result(Servers servers, Balancer balancer, Optional<double[]> theirs) {
            return new BalanceResult(
                    servers,
                    balancer,
                    Samples.of(spread),
                    Samples.of(delay),
                    Samples.of(p99),
                    theirs.map(peer -> Samples.ratio(delay, peer)),
                    answered);
        }
    }
}
