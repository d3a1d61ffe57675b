package dev.sluice.proxy.bench;

import com.sun.management.ThreadMXBean;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.Transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What a new configuration costs: how long it takes until it is served, how much garbage it makes,
 * what stays of it, and what clients feel who ask all the time.
 */
public final class ReloadBench {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PAUSE_MS = 20;
    private static final int PROGRESS = 10;

    private final Options options;
    private final Consumer<String> progress;

    /**
     * How much is measured.
     *
     * @param routes of each configuration
     * @param reloads that count
     * @param warmups reloads before, in which the JVM compiles
     */
    public record Options(int routes, int reloads, int warmups) {}

    public ReloadBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Blocks until all is measured. */
    public ReloadResult run() throws IOException, InterruptedException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (Engine engine = Engine.start(new EngineOptions("bench", Transport.best(), 1))) {
            int port = Site.freePort();
            int origin = new Origin(loops).port();
            apply(engine, text(port, origin, 0));
            try (Visitors visitors = Visitors.of(port)) {
                return measure(engine, visitors, port, origin);
            }
        } finally {
            loops.shutdownGracefully();
        }
    }

    private ReloadResult measure(Engine engine, Visitors visitors, int port, int origin)
            throws IOException, InterruptedException {
        for (int i = 1; i <= options.warmups; i++) {
            step("warm-up", i);
            apply(engine, text(port, origin, i));
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        double[] millis = new double[options.reloads];
        double[] bytes = new double[options.reloads];
        long heap = heapBytes();
        int lost = visitors.lost();
        Watch watch = new Watch(visitors);
        for (int i = 0; i < options.reloads; i++) {
            step("reload", i + 1);
            String text = text(port, origin, i);
            long allocated = THREAD.getCurrentThreadAllocatedBytes();
            long began = System.nanoTime();
            apply(engine, text);
            millis[i] = (System.nanoTime() - began) / 1e6;
            bytes[i] = THREAD.getCurrentThreadAllocatedBytes() - allocated;
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        ReloadResult.Traffic busy = watch.end();
        lost = visitors.lost() - lost;
        long retained = heapBytes() - heap;
        return new ReloadResult(
                options.routes,
                options.reloads,
                Samples.of(millis),
                Samples.of(bytes),
                retained,
                quiet(visitors, millis),
                busy,
                lost);
    }

    private void step(String what, int number) {
        if (number % PROGRESS == 0) {
            progress.accept(what + " " + number);
        }
    }

    /** For as long as the reloads took. */
    private ReloadResult.Traffic quiet(Visitors visitors, double[] millis)
            throws InterruptedException {
        progress.accept("without reloads");
        double tookMillis = PAUSE_MS * (double) millis.length;
        for (double one : millis) {
            tookMillis += one;
        }
        Watch watch = new Watch(visitors);
        TimeUnit.MICROSECONDS.sleep((long) (tookMillis * 1e3));
        return watch.end();
    }

    /** One route changes each time, and an upstream that no request is for. */
    private String text(int port, int origin, int version) {
        return """
        listeners: [{name: web, addresses: ['127.0.0.1:%d']}]
        upstreams:
          - {name: app, endpoints: ['127.0.0.1:%d']}
          - {name: other, maxRequests: %d, endpoints: ['127.0.0.1:%d']}
        routes:
        - {path: /16, upstream: app}
        - {path: /version-%d, upstream: other}
        """
                        .formatted(port, origin, version + 1, origin, version)
                + RouteSet.items(options.routes - 2);
    }

    private static void apply(Engine engine, String text) throws IOException {
        var problems = engine.apply("bench", L7Config.parse("bench", text).orElseThrow());
        if (!problems.isEmpty()) {
            throw new IOException(problems.toString());
        }
    }

    /** Of what is in use. */
    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long ofCollectors(ToLongFunction<GarbageCollectorMXBean> what) {
        List<GarbageCollectorMXBean> all = ManagementFactory.getGarbageCollectorMXBeans();
        return all.stream().mapToLong(what).sum();
    }

    /** What clients see from its beginning to its end. */
    private static final class Watch {
        private final Visitors visitors;
        private final long collections = ofCollectors(GarbageCollectorMXBean::getCollectionCount);
        private final long collecting = ofCollectors(GarbageCollectorMXBean::getCollectionTime);

        Watch(Visitors visitors) {
            this.visitors = visitors;
            visitors.answers();
        }

        ReloadResult.Traffic end() {
            double[] millis = visitors.answers();
            if (millis.length == 0) {
                throw new IllegalStateException("no request was answered");
            }
            return new ReloadResult.Traffic(
                    millis.length,
                    Samples.quantile(millis, 0.5),
                    Samples.quantile(millis, 0.99),
                    ofCollectors(GarbageCollectorMXBean::getCollectionCount) - collections,
                    ofCollectors(GarbageCollectorMXBean::getCollectionTime) - collecting);
        }
    }
}
