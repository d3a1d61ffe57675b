package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.testing.Ports;

import org.slf4j.LoggerFactory;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;

/** An engine on loopback; closing it fails on leaked buffers. */
final class Bench implements AutoCloseable {
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    private final Logger leakLog =
            (Logger) LoggerFactory.getLogger("io.netty.util.ResourceLeakDetector");
    final Engine engine;
    final int port;

    Bench() {
        this(EngineOptions.defaults("proxy-under-test"));
    }

    Bench(EngineOptions options) {
        leaks.start();
        leakLog.addAppender(leaks);
        engine = Engine.start(options);
        port = freePort();
    }

    /** One listener and a route for everything to the servers. */
    static Bench to(Server... servers) {
        Bench bench = new Bench();
        bench.apply(bench.listener("") + bench.upstream("", servers) + "routes: [{upstream: app}]");
        return bench;
    }

    /** With more keys for the listener and the upstream, each indented by four spaces. */
    static Bench with(String listener, String upstream, Server... servers) {
        return with(EngineOptions.defaults("proxy-under-test"), listener, upstream, servers);
    }

    static Bench with(EngineOptions options, String listener, String upstream, Server... servers) {
        Bench bench = new Bench(options);
        bench.apply(
                bench.listener(listener)
                        + bench.upstream(upstream, servers)
                        + "routes: [{upstream: app}]");
        return bench;
    }

    String listener(String more) {
        return "listeners:\n  - name: web\n    addresses: [\"127.0.0.1:%d\"]\n%s\n"
                .formatted(port, more);
    }

    String upstream(String more, Server... servers) {
        List<String> endpoints =
                List.of(servers).stream().map(server -> '"' + server.address() + '"').toList();
        return "upstreams:\n  - name: app\n    endpoints: [%s]\n%s\n"
                .formatted(String.join(", ", endpoints), more);
    }

    void apply(String yaml) {
        L7Config config = L7Config.parse("test.yaml", yaml).orElseThrow();
        assertThat(engine.apply("test.yaml", config)).isEmpty();
    }

    Wire connect() {
        return Wire.connect(port);
    }

    /** A request on a connection of its own. */
    Wire.Message get(String path) {
        try (Wire wire = connect()) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
            return wire.readResponse();
        }
    }

    static int freePort() {
        return Ports.free();
    }

    @Override
    public void close() {
        engine.close();
        // Leaks are noticed when a lost buffer was collected and another one is made.
        for (int round = 0; round < 2; round++) {
            awaitCollection();
            for (int i = 0; i < 64; i++) {
                io.netty.buffer.Unpooled.directBuffer(16).release();
                io.netty.buffer.PooledByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
        leakLog.detachAppender(leaks);
        assertThat(leaks.list)
                .map(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.startsWith("LEAK:"));
    }

    /** A collection has ended when a reference is told of it, some time after {@code gc()}. */
    private static void awaitCollection() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        System.gc();
        try {
            assertThat(queue.remove(60_000)).isSameAs(canary);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
