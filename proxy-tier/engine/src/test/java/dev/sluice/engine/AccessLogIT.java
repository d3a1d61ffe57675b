package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Telemetry;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.log.AccessLog;
import dev.sluice.engine.log.Traffic;
import dev.sluice.testing.Program;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What is told about requests. */
final class AccessLogIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    @TempDir Path folder;

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    private static void apply(Bench bench, String more, Server server) {
        bench.apply(
                more
                        + bench.listener("")
                        + bench.upstream("", server)
                        + "routes: [{name: all, upstream: app},"
                        + " {path: /moved, redirect: {prefix: /x}}]");
    }

    private String log(String format) {
        return "accessLog: {file: %s, format: %s}\n".formatted(folder.resolve("log"), format);
    }

    private List<String> lines(String file) {
        try {
            Path path = folder.resolve(file);
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Traffic.Reading counted(Bench bench, String upstream) {
        return Objects.requireNonNull(bench.engine.figures().traffic().get(upstream), upstream);
    }

    private static Wire.Message get(Bench bench, String path, String fields) {
        try (Wire wire = bench.connect()) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
            return wire.readResponse();
        }
    }

    @Test
    void eachRequestIsAnObject() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, log("json"), server);
            get(bench, "/x\"y?token=secret", "traceparent: " + PARENT + "\r\n");
            get(bench, "/..", "");
            patiently().until(() -> lines("log").size() == 2);
            assertThat(lines("log").getFirst())
                    .startsWith("{\"time\":\"20")
                    .contains(
                            "\"kind\":\"request\",\"client\":\"127.0.0.1:",
                            "\"method\":\"GET\",\"host\":\"test\",\"path\":\"/x\\\"y\"",
                            "\"status\":200,\"outcome\":\"ok\",\"phase\":\"respond\"",
                            "\"route\":\"all\",\"upstream\":\"app\",\"endpoint\":\""
                                    + server.address(),
                            "\"attempts\":1,\"requestBytes\":0,\"responseBytes\":4,\"queueMicros\":",
                            "\"connectMicros\":",
                            "\"firstByteMicros\":",
                            "\"totalMicros\":",
                            "\"trace\":\"" + TRACE + "\"}")
                    .doesNotContain("secret");
            assertThat(lines("log").getLast())
                    .contains("\"kind\":\"refused\"", "\"status\":400,\"outcome\":\"bad-target\"");
            assertThat(bench.engine.figures().logLines())
                    .containsEntry("written", 2L)
                    .containsEntry("dropped", 0L);
        }
    }

    @Test
    void orALineMuchLikeHaproxys() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, log("line"), server);
            get(bench, "/x", "");
            get(bench, "/moved", "");
            patiently().until(() -> lines("log").size() == 2);
            assertThat(lines("log").getFirst())
                    .matches(
                            "127\\.0\\.0\\.1:\\d+ \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:[0-9:.]{12}\\] all app/"
                                    + server.address()
                                    + " \\d+/\\d+/\\d+/\\d+ 200 0 4 ok 0 - \"GET test/x\"");
            assertThat(lines("log").getLast())
                    .matches(".* \\*/moved -/- -1/-1/-1/\\d+ 302 0 0 ok 0 - \"GET test/moved\"");
        }
    }

    @Test
    void aFileThatIsMovedAwayIsMadeAnew() throws IOException {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, log("line"), server);
            get(bench, "/one", "");
            patiently().until(() -> lines("log").size() == 1);
            Files.move(folder.resolve("log"), folder.resolve("log.1"));
            get(bench, "/two", "");
            patiently().until(() -> lines("log").size() == 1);
            assertThat(lines("log.1")).singleElement().asString().contains("/one");
            assertThat(lines("log")).singleElement().asString().contains("/two");
        }
    }

    @Test
    void otherRulesAreInForceAtOnceAndNothingIsLost() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, log("line"), server);
            get(bench, "/one", "");
            apply(bench, log("json"), server);
            patiently().until(() -> lines("log").size() == 1);
            get(bench, "/two", "");
            patiently().until(() -> lines("log").size() == 2);
            assertThat(lines("log").getLast()).startsWith("{");
            apply(bench, "", server);
            get(bench, "/three", "");
            assertThat(lines("log")).hasSize(2);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefused() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "", server);
            String yaml = "accessLog: {file: /nowhere/log}\n" + bench.listener("");
            L7Config config = L7Config.parse("l7.yaml", yaml).orElseThrow();
            assertThat(bench.engine.apply("l7.yaml", config))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "l7.yaml: accessLog.file: /nowhere/log cannot be written; make its");
            assertThat(bench.get("/").text()).isEqualTo("seen");
            assertThat(bench.engine.figures().configurations())
                    .containsEntry("applied", 1L)
                    .containsEntry("refused", 1L);
        }
    }

    @Test
    void requestsAreCountedByUpstreamAndStatus() {
        try (Server server =
                        Server.answering(request ->
                                request.firstLine().contains("/bad")
                                        ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                                        : Server.ok("seen"));
                Bench bench = new Bench()) {
            apply(bench, "", server);
            get(bench, "/", "");
            get(bench, "/", "");
            get(bench, "/bad", "");
            get(bench, "/moved", "");
            get(bench, "/..", "");
            patiently()
                    .untilAsserted(() -> {
                        Traffic.Reading app = counted(bench, "app");
                        assertThat(app.byStatus())
                                .containsEntry("2xx", 2L)
                                .containsEntry("4xx", 1L)
                                .containsEntry("5xx", 0L);
                        assertThat(app.latencies().count()).isEqualTo(3);
                        assertThat(app.latencies().sumSeconds()).isPositive();
                        assertThat(counted(bench, Traffic.NONE).byStatus())
                                .containsEntry("3xx", 1L)
                                .containsEntry("4xx", 1L);
                    });
            bench.apply(bench.listener(""));
            assertThat(bench.engine.figures().traffic()).containsOnlyKeys("");
        }
    }

    @Test
    void aClientThatLeftBeforeTheAnswerHasNoStatus() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = new Bench()) {
            apply(bench, log("line"), server);
            try (Wire wire = bench.connect()) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                patiently().until(() -> server.requests.size() == 1);
            }
            patiently().until(() -> lines("log").size() == 1);
            assertThat(lines("log").getFirst()).contains(" 499 0 0 client-gone ");
            assertThat(counted(bench, "app").byStatus())
                    .containsEntry("none", 1L)
                    .containsEntry("4xx", 0L);
        }
    }

    @Test
    void aWebSocketThatItsClientEndsIsInOrder() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.send(WebSocketIT.accepting(self.take(wire)));
                            wire.readToEnd();
                        });
                Bench bench = new Bench()) {
            bench.apply(
                    log("line")
                            + bench.listener("    versions: [h2, h1]")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app}]");
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                h2.head(1, false, WebSocketIT.ASK);
                assertThat(h2.awaitHead(1).field(":status")).isEqualTo("200");
                h2.data(1, true, "");
                assertThat(h2.reply(1).reset()).isEmpty();
            }
            patiently().until(() -> lines("log").size() == 1);
            assertThat(lines("log").getFirst()).contains(" 101 0 0 ok ");
        }
    }

    @Test
    void tracesAreGoneOnWithOrBegun() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "beginTraces: true\n", server);
            get(bench, "/", "traceparent: " + PARENT + "\r\ntracestate: a=1\r\n");
            get(bench, "/", "");
            get(bench, "/", "traceparent: 00-0-0-0\r\ntracestate: a=1\r\n");
            assertThat(server.requests.get(0).field("traceparent")).contains(PARENT);
            assertThat(server.requests.get(0).field("tracestate")).contains("a=1");
            for (Wire.Message begun : server.requests.subList(1, 3)) {
                assertThat(begun.field("traceparent").orElse(""))
                        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
                assertThat(begun.field("tracestate")).isEmpty();
            }
            apply(bench, "", server);
            get(bench, "/", "");
            assertThat(server.requests.getLast().field("traceparent")).isEmpty();
        }
    }

    /** A pipe without a reader is as a disk that does not answer. */
    @Test
    void linesThatTheQueueHasNoRoomForAreCounted() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).status()).isZero();
        long lines = 20_000;
        AccessLog.Counts counts = new AccessLog.Counts();
        Peer peer =
                new Peer(
                        HostPort.parse("203.0.113.1:4000"), HostPort.parse("198.18.0.1:80"), false);
        AccessLog log =
                new AccessLog(
                        new Telemetry.AccessLog(pipe.toString(), Telemetry.Format.LINE), counts);
        for (int i = 0; i < lines; i++) {
            log.refused(Failure.MALFORMED, peer);
        }
        assertThat(counts.written()).isZero();
        assertThat(counts.dropped()).isPositive();
        try (Stream<String> read = Files.lines(pipe)) {
            Thread closing = Thread.ofVirtual().start(() -> closeOnceTold(log, counts, lines));
            assertThat(read.count()).isEqualTo(counts.written());
            closing.join();
        }
        assertThat(counts.written() + counts.dropped()).isEqualTo(lines);
    }

    private static void closeOnceTold(AccessLog log, AccessLog.Counts counts, long lines) {
        try (log) {
            patiently().until(() -> counts.written() + counts.dropped() == lines);
        }
    }
}
