package dev.sluice.proxy.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What each optional feature costs: an engine with one event loop and a route for each feature,
 * asked in turn, round after round. Measures the CPU time of the engine's threads alone.
 */
public final class FeatureBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int CONNECTIONS = 8;

    /** Event loops, what reads files, writes the log, and tells of traces. */
    private static final List<String> ENGINE_THREADS =
            List.of(
                    "sluice-loop",
                    "sluice-files",
                    "access-log",
                    "trace-export",
                    "HttpClient",
                    "jdkhttp");

    private final Options options;
    private final Consumer<String> progress;

    /**
     * How much is measured.
     *
     * @param rounds that count
     * @param warmups rounds before, in which the JVM compiles
     * @param requests of each feature in a round
     * @param bodyBytes of each response, before it is compressed
     */
    public record Options(int rounds, int warmups, int requests, int bodyBytes) {}

    public FeatureBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Blocks until all is measured. A route without features comes first. */
    public List<FeatureResult> run() throws IOException {
        try (FeatureSite site = new FeatureSite(options.bodyBytes)) {
            List<FeatureResult> results = measure(site);
            site.losses().forEach(progress);
            return results;
        }
    }

    private List<FeatureResult> measure(FeatureSite site) throws IOException {
        Map<Feature, double[]> micros = new EnumMap<>(Feature.class);
        Map<Feature, Long> bytes = new EnumMap<>(Feature.class);
        for (int round = -options.warmups; round < options.rounds; round++) {
            progress.accept("round " + round);
            for (Feature feature : Feature.values()) {
                double[] costs = micros.computeIfAbsent(feature, _ -> new double[options.rounds]);
                double cost = round(site.port(feature), feature, bytes);
                if (round >= 0) {
                    costs[round] = cost;
                }
            }
        }
        double[] off = micros.getOrDefault(Feature.OFF, new double[0]);
        List<FeatureResult> results = new ArrayList<>();
        micros.forEach((feature, costs) ->
                results.add(
                        new FeatureResult(
                                feature.title(),
                                Samples.of(costs),
                                Samples.ratio(costs, off),
                                bytes.getOrDefault(feature, 0L))));
        return results;
    }

    /** Microseconds for a request. */
    private double round(int port, Feature feature, Map<Feature, Long> bytes) throws IOException {
        List<Caller> callers = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                callers.add(new Caller(port, feature.request(options.bodyBytes)));
            }
            // Of new connections nothing is to be seen.
            bytes.put(feature, exchange(callers));
            long before = cpuNanos();
            int asked = 0;
            for (; asked < options.requests; asked += CONNECTIONS) {
                exchange(callers);
            }
            return (cpuNanos() - before) / 1e3 / asked;
        } finally {
            for (Caller caller : callers) {
                caller.close();
            }
        }
    }

    /** One request of each; the bytes of a response. */
    private static long exchange(List<Caller> callers) throws IOException {
        for (Caller caller : callers) {
            caller.ask();
        }
        long bytes = 0;
        for (Caller caller : callers) {
            bytes = caller.answer();
        }
        return bytes;
    }

    /** Of the engine's threads. */
    private static long cpuNanos() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && isTheEngines(thread.getThreadName())) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    private static boolean isTheEngines(String name) {
        return ENGINE_THREADS.stream().anyMatch(name::startsWith);
    }
}
