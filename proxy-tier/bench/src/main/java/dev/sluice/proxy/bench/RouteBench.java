package dev.sluice.proxy.bench;

import com.sun.management.ThreadMXBean;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.route.RouteTable;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to find the route of a request among few and many, by the thread's own CPU time.
 * Tables of all sizes are asked in turn, round after round.
 */
public final class RouteBench {
    private static final List<Integer> SIZES = List.of(10, 1_000, 10_000);
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Options options;
    private final List<Subject> subjects = new ArrayList<>();

    /**
     * How much is measured.
     *
     * @param rounds that count
     * @param warmups rounds before, in which the JVM compiles
     * @param matches of each table in a round
     */
    public record Options(int rounds, int warmups, int matches) {}

    public RouteBench(Options options) {
        this.options = options;
    }

    /** In the order of the sizes. */
    public List<RouteResult> run() {
        // The first one only warms up what reads and builds.
        SIZES.forEach(size -> new Subject(size, options.rounds));
        SIZES.forEach(size -> subjects.add(new Subject(size, options.rounds)));
        for (int i = 0; i < options.warmups; i++) {
            subjects.forEach(subject -> subject.match(options.matches));
        }
        for (int round = 0; round < options.rounds; round++) {
            for (Subject subject : subjects) {
                subject.nanos[round] = subject.match(options.matches);
            }
        }
        double[] least = subjects.getFirst().nanos;
        return subjects.stream().map(subject -> subject.result(least, options.matches)).toList();
    }

    /** A table of one size. */
    private static final class Subject {
        private final int size;
        private final double[] nanos;
        private final RequestHead[] requests;
        private final RouteTable<Route> table;
        private final double readMillis;
        private final double buildMillis;
        private final long buildBytes;

        Subject(int size, int rounds) {
            this.size = size;
            nanos = new double[rounds];
            requests = RouteSet.requests(size);
            String yaml = RouteSet.yaml(size);
            long bytes = THREAD.getCurrentThreadAllocatedBytes();
            long began = THREAD.getCurrentThreadCpuTime();
            L7Config config = L7Config.parse("bench.yaml", yaml).orElseThrow();
            long read = THREAD.getCurrentThreadCpuTime();
            table = new RouteTable<>(config.routes(), new Forwarding(List.of()), route -> route);
            buildMillis = (THREAD.getCurrentThreadCpuTime() - read) / 1e6;
            readMillis = (read - began) / 1e6;
            buildBytes = THREAD.getCurrentThreadAllocatedBytes() - bytes;
        }

        /** Nanoseconds each. */
        double match(int times) {
            long began = THREAD.getCurrentThreadCpuTime();
            for (int i = 0; i < times; i++) {
                RequestHead head = requests[i & (requests.length - 1)];
                if (table.find(head, RouteSet.PEER) == null) {
                    throw new IllegalStateException("no route for " + head);
                }
            }
            return (THREAD.getCurrentThreadCpuTime() - began) / (double) times;
        }

        RouteResult result(double[] least, int times) {
            long bytes = THREAD.getCurrentThreadAllocatedBytes();
            match(times);
            double bytesEach = (THREAD.getCurrentThreadAllocatedBytes() - bytes) / (double) times;
            return new RouteResult(
                    size,
                    Samples.of(nanos),
                    Samples.ratio(nanos, least),
                    bytesEach,
                    readMillis,
                    buildMillis,
                    buildBytes);
        }
    }
}
