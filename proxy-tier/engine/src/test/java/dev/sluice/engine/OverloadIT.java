package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.read.ListAppender;

import dev.sluice.engine.overload.Watchdog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A loop that does not keep up refuses the cheapest first; what it has begun goes on. */
final class OverloadIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    private final AtomicLong lagMillis = new AtomicLong();

    private Bench bench(Server server, String listener) {
        EngineOptions options =
                EngineOptions.defaults("p").withLag(_ -> lagMillis.get() * 1_000_000);
        return Bench.with(options, listener, "", server);
    }

    /** As far as every loop knows of it. */
    private void lag(Bench bench, long millis) {
        lagMillis.set(millis);
        await().until(() -> bench.engine.lags().allMatch(nanos -> nanos == millis * 1_000_000));
    }

    @Test
    void connectionsFirstThenRequestsAndThenNoneAnyMore() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(server, "");
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readResponse().status()).isEqualTo(200);

            lag(bench, 600);
            try (Wire late = bench.connect()) {
                assertThat(late.readTextToEnd()).isEmpty();
            }
            wire.send(GET);
            assertThat(wire.readResponse().status()).isEqualTo(200);
            assertThat(bench.engine.figures().shed())
                    .containsEntry("connections", 1L)
                    .containsEntry("requests", 0L);

            lag(bench, 1_200);
            wire.send(GET);
            Wire.Message refused = wire.readResponse();
            FailureIT.assertFailure(refused, 503, "shed");
            assertThat(refused.head()).containsIgnoringCase("retry-after: 1");
            assertThat(server.requests).hasSize(2);
            assertThat(bench.engine.figures().shed()).containsEntry("requests", 1L);
            assertThat(bench.engine.figures().lagSeconds()).isEqualTo(1.2);

            lag(bench, 0);
            wire.send(GET);
            assertThat(wire.readResponse().status()).isEqualTo(200);
            assertThat(bench.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void theAccessLogSaysWhatBecameOfThem(@TempDir Path folder) {
        Path log = folder.resolve("log");
        try (Server server = Server.saying("seen");
                Bench bench = bench(server, "")) {
            bench.apply(
                    "accessLog: {file: %s, format: json}\n".formatted(log)
                            + bench.listener("")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            try (Wire wire = bench.connect()) {
                wire.send(GET);
                assertThat(wire.readResponse().status()).isEqualTo(200);
                lag(bench, 1_200);
                wire.send(GET);
                assertThat(wire.readResponse().status()).isEqualTo(503);
            }
            await().untilAsserted(() ->
                    assertThat(log)
                            .content()
                            .contains("\"status\":503,\"outcome\":\"shed\"")
                            .hasLineCount(2));
        }
    }

    @Test
    void streamsOfHttp2MayBeAskedForAgainElsewhere() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(server, Http2IT.H2);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            String[] get = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};
            h2.head(1, true, get);
            assertThat(h2.reply(1).status()).isEqualTo(200);
            lag(bench, 1_200);
            h2.head(3, true, get);
            assertThat(h2.await(f -> f.type() == H2Wire.RST_STREAM).word(0)).isEqualTo(7);
            lag(bench, 0);
            h2.head(5, true, get);
            assertThat(h2.reply(5).status()).isEqualTo(200);
        }
    }

    @Test
    void whoBlocksALoopIsNamed() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Watchdog.class);
        logger.addAppender(log);
        CountDownLatch free = new CountDownLatch(1);
        try (Bench bench = new Bench()) {
            try {
                bench.engine.group().next().execute(() -> sleepOnTheLoop(free));
                await().until(() -> bench.engine.figures().blockedLoops() > 0);
                await().until(() -> logged(log).anyMatch("sleepOnTheLoop"::equals));
            } finally {
                free.countDown();
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    private static void sleepOnTheLoop(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Methods of the stacks in the log. */
    private static Stream<String> logged(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getMessage().equals("loop-blocked"))
                .flatMap(event ->
                        Stream.of(
                                Objects.requireNonNull(event.getThrowableProxy())
                                        .getStackTraceElementProxyArray()))
                .map(StackTraceElementProxy::getStackTraceElement)
                .map(StackTraceElement::getMethodName);
    }
}
