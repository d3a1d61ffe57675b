package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Checks of a server beside one that is well, every 100 ms; no requests come. */
final class HealthCheckIT {
    private static final String OFTEN = "interval: 100ms, timeout: 5s, rise: 1, fall: 1";

    private static EndpointStatus first(Bench bench) {
        return bench.engine.upstreams().getFirst().endpoints().getFirst();
    }

    private static void awaitUse(Bench bench, EndpointStatus.Use use, String why) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> first(bench).use() == use);
        assertThat(String.join("; ", first(bench).why())).contains(why);
    }

    private static String answer(boolean well) {
        return well ? Server.ok("ok") : "HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void aServerThatSaysThatItIsUnwellIsLeftOutUntilItIsWell() {
        AtomicBoolean well = new AtomicBoolean(false);
        try (Server server = Server.answering(_ -> answer(well.get()));
                Server other = Server.saying("other");
                Bench bench =
                        Bench.with(
                                "",
                                "    check: {path: '/healthz?deep', host: app.internal, "
                                        + OFTEN
                                        + "}",
                                server,
                                other)) {
            awaitUse(bench, EndpointStatus.Use.UNWELL, "checks fail: status 503");
            assertThat(bench.get("/").text()).isEqualTo("other");
            Wire.Message asked = server.requests.getFirst();
            assertThat(asked.firstLine()).isEqualTo("GET /healthz?deep HTTP/1.1");
            assertThat(asked.field("host")).contains("app.internal");
            assertThat(asked.field("user-agent")).contains("sluice-check");
            well.set(true);
            awaitUse(bench, EndpointStatus.Use.USED, "slow start");
        }
    }

    @Test
    void aServerThatIsNotThereOrSaysNothingIsLeftOut() {
        Server silent = Server.of((wire, self) -> wire.readTextToEnd());
        try (Server other = Server.saying("other");
                Bench bench =
                        Bench.with(
                                "",
                                "    check: {interval: 100ms, timeout: 500ms, rise: 1, fall: 1}",
                                silent,
                                other)) {
            awaitUse(bench, EndpointStatus.Use.UNWELL, "checks fail: no answer in time");
            silent.close();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> String.join("", first(bench).why()).contains("refused"));
        }
    }

    @Test
    void tcpOnlyTakesAConnection() {
        Server silent = Server.of((wire, self) -> wire.readTextToEnd());
        try (Server other = Server.saying("other");
                Bench bench =
                        Bench.with("", "    check: {kind: tcp, " + OFTEN + "}", silent, other)) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> silent.closed() > 2);
            assertThat(first(bench).use()).isEqualTo(EndpointStatus.Use.USED);
            assertThat(first(bench).why()).isEmpty();
            silent.close();
            awaitUse(bench, EndpointStatus.Use.UNWELL, "refused");
        }
    }

    @Test
    void anotherPortCanBeAsked() {
        try (Server server = Server.saying("served");
                Server health = Server.answering(_ -> answer(false));
                Server other = Server.saying("other");
                Bench bench =
                        Bench.with(
                                "",
                                "    check: {port: %d, %s}".formatted(health.port(), OFTEN),
                                server,
                                other)) {
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> bench.engine.upstreams().getFirst().panic());
            assertThat(server.requests).isEmpty();
            assertThat(first(bench).why().getFirst()).startsWith("panic: used all the same");
        }
    }

    @Test
    void anotherConfigurationKeepsWhatChecksFound() {
        try (Server server = Server.answering(_ -> answer(false));
                Server other = Server.saying("other")) {
            String check = "    check: {interval: 100ms, fall: 3}";
            try (Bench bench = Bench.with("", check, server, other)) {
                awaitUse(bench, EndpointStatus.Use.UNWELL, "status 503");
                bench.apply(
                        bench.listener("")
                                + bench.upstream(
                                        "    check: {interval: 1h, fall: 100}", server, other)
                                + "routes: [{upstream: app}]");
                assertThat(first(bench).use()).isEqualTo(EndpointStatus.Use.UNWELL);
            }
        }
    }

    @Test
    void anotherIntervalHoldsAtOnce() {
        AtomicBoolean well = new AtomicBoolean(true);
        try (Server server = Server.answering(_ -> answer(well.get()));
                Server other = Server.saying("other");
                Bench bench = Bench.with("", atOnce("1h"), server, other)) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> server.closed() == 1);
            well.set(false);
            bench.apply(
                    bench.listener("")
                            + bench.upstream(atOnce("100ms"), server, other)
                            + "routes: [{upstream: app}]");
            awaitUse(bench, EndpointStatus.Use.UNWELL, "status 503");
        }
    }

    /** A connection ends with its check, so that the server sees that one is done. */
    private static String atOnce(String interval) {
        return "    keepAlive: {connections: 0}\n    check: {fall: 1, interval: " + interval + "}";
    }

    /** grpc.health.v1: not compressed, two bytes, field 1 = status. */
    @Test
    void callsOfGrpcAreJudgedByWhatTheySay() {
        AtomicBoolean serving = new AtomicBoolean(false);
        try (Server server = Server.of((wire, self) -> serveGrpc(wire, serving));
                Server other = Server.of((wire, self) -> serveGrpc(wire, new AtomicBoolean(true)));
                Bench bench =
                        Bench.with(
                                "",
                                "    version: h2\n    check: {kind: grpc, service: shop.v1.Cart, "
                                        + OFTEN
                                        + "}",
                                server,
                                other)) {
            awaitUse(bench, EndpointStatus.Use.UNWELL, "checks fail: not serving");
            serving.set(true);
            awaitUse(bench, EndpointStatus.Use.USED, "slow start");
        }
    }

    private static void serveGrpc(Wire wire, AtomicBoolean serving) {
        H2Wire h2 = H2Wire.serve(wire);
        while (true) {
            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
            boolean asked = head.field(":path").equals("/grpc.health.v1.Health/Check");
            h2.head(head.stream(), false, ":status", "200", "content-type", "application/grpc");
            String status = serving.get() && asked ? "\1" : "\2";
            h2.data(head.stream(), false, "\0\0\0\0\2\b" + status);
            h2.head(head.stream(), true, "grpc-status", "0");
        }
    }
}
