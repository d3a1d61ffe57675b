package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.tls.Hellos;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

/** Bytes that go through as they are. */
final class StreamIT {
    private static final byte[] ALERT_UNRECOGNIZED_NAME = HexFormat.of().parseHex("15030300020270");

    @Test
    void eachSideMayEndItsHalfFirst() throws Exception {
        LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.send("welcome ");
                            asked.add(wire.readTextToEnd());
                            wire.send("answer after your end");
                        });
                Bench bench = tcp("", server);
                Wire wire = bench.connect()) {
            assertThat(wire.readText(8)).isEqualTo("welcome ");
            wire.send("question");
            wire.socket().shutdownOutput();
            assertThat(wire.readTextToEnd()).isEqualTo("answer after your end");
            assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo("question");
            await().until(() -> bench.engine.load().isEmpty());
        }
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.send("all I have");
                            wire.socket().shutdownOutput();
                            asked.add(wire.readTextToEnd());
                        });
                Bench bench = tcp("", server);
                Wire wire = bench.connect()) {
            assertThat(wire.readTextToEnd()).isEqualTo("all I have");
            wire.send("still talking");
            wire.socket().shutdownOutput();
            assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo("still talking");
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void megabytesGoThroughWhileTheReaderIsSlow() throws Exception {
        byte[] much = new byte[16 << 20];
        new Random(1).nextBytes(much);
        CountDownLatch sent = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, _) -> {
                            byte[] got = wire.readBytes(much.length);
                            wire.send(got);
                            sent.countDown();
                        });
                Bench bench = tcp("", server);
                Wire wire = bench.connect()) {
            Thread sender = Thread.ofVirtual().start(() -> wire.send(much));
            // Nobody reads yet: the proxy must not take all of the answer.
            sender.join();
            assertThat(sent.await(300, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(wire.readBytes(much.length)).isEqualTo(much);
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void aSilentConnectionIsResetAfterItsTime() {
        try (Server server = Server.of((wire, _) -> wire.readToEnd());
                Bench bench = tcp("    timeouts: {idle: 300ms}", server);
                Wire wire = bench.connect()) {
            wire.send("x");
            assertThat(wire.isEnded()).isTrue();
            await().until(() -> server.closed() == 1 && bench.engine.load().isEmpty());
        }
    }

    @Test
    void aServerThatFailsFailsTheClient() {
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readBytes(1);
                            wire.send("half of");
                            wire.readBytes(1);
                            wire.reset();
                        });
                Bench bench = tcp("", server);
                Wire wire = bench.connect()) {
            wire.send("x");
            assertThat(wire.readText(7)).isEqualTo("half of");
            wire.send("y");
            org.assertj.core.api.Assertions.assertThatThrownBy(wire::readToEnd)
                    .hasRootCauseInstanceOf(java.net.SocketException.class);
        }
    }

    @Test
    void aDeadEndpointIsPassedOver() {
        String dead = "\"127.0.0.1:" + Bench.freePort() + '"';
        try (Server server = Server.of((wire, _) -> wire.send("alive"));
                Bench bench = new Bench()) {
            String yaml = stream(bench, "", server);
            bench.apply(yaml.replace("endpoints: [", "endpoints: [" + dead + ", "));
            for (int i = 0; i < 4; i++) {
                try (Wire wire = bench.connect()) {
                    assertThat(wire.readTextToEnd()).isEqualTo("alive");
                }
            }
            bench.apply(yaml.replace('"' + server.address() + '"', dead));
            try (Wire wire = bench.connect()) {
                assertThat(wire.isEnded()).isTrue();
            }
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aServerThatTakesConnectionsAndDiesIsEjected() {
        try (Server bad = Server.of((wire, _) -> wire.reset());
                Server good = Server.of((wire, _) -> wire.send("alive"));
                Bench bench = tcp("", bad, good)) {
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> {
                        tolerate(bench);
                        return ejections(bench) == 1;
                    });
        }
    }

    @Test
    void aServerThatTalkedBeforeItBrokeOffIsNotToBlame() {
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.send("hello");
                            wire.readBytes(1);
                            wire.reset();
                        });
                Bench bench = tcp("", server)) {
            for (int i = 0; i < 10; i++) {
                try (Wire wire = bench.connect()) {
                    assertThat(wire.readText(5)).isEqualTo("hello");
                    wire.send("x");
                    org.assertj.core.api.Assertions.assertThatThrownBy(wire::readToEnd)
                            .hasRootCauseInstanceOf(java.net.SocketException.class);
                }
            }
            assertThat(ejections(bench)).isZero();
        }
    }

    @Test
    void aServerThatBreaksOffForWhatAClientSaidIsNotToBlame() {
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readBytes(1);
                            wire.reset();
                        });
                Bench bench = tcp("", server)) {
            for (int i = 0; i < 10; i++) {
                try (Wire wire = bench.connect()) {
                    wire.send("x");
                    org.assertj.core.api.Assertions.assertThatThrownBy(wire::readToEnd)
                            .hasRootCauseInstanceOf(java.net.SocketException.class);
                }
            }
            assertThat(ejections(bench)).isZero();
        }
    }

    private static long ejections(Bench bench) {
        return bench.engine.upstreams().getFirst().ejections();
    }

    /** A connection that may be broken off. */
    private static void tolerate(Bench bench) {
        try (Wire wire = bench.connect()) {
            wire.readToEnd();
        } catch (UncheckedIOException brokenOff) {
            assertThat(brokenOff).hasRootCauseInstanceOf(java.net.SocketException.class);
        }
    }

    @Test
    void drainAndReloadLeaveItAlone() {
        try (Server server = Server.of(StreamIT::echo);
                Bench bench = tcp("", server);
                Wire wire = bench.connect()) {
            roundTrip(wire, "before");
            assertThat(bench.engine.load()).isEqualTo(new Load(1, 0, 1));
            bench.apply(stream(bench, "", server).replace("name: web", "name: other"));
            roundTrip(wire, "reloaded");
            bench.apply(
                    "listeners: [{name: http, addresses: [\"127.0.0.1:%d\"]}]"
                            .formatted(Bench.freePort()));
            roundTrip(wire, "removed");
            bench.engine.drain();
            roundTrip(wire, "drained");
            assertThat(bench.engine.load()).isEqualTo(new Load(1, 0, 1));
            bench.engine.cut();
            assertThat(wire.isEnded()).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void theServerHearsOfTheClientInAHeader() {
        try (Server server = Server.of((wire, _) -> wire.send(wire.readLine() + wire.readText(4)));
                Bench bench = tcp("    proxyProtocol: {send: v1}", server);
                Wire wire = bench.connect()) {
            wire.send("ping");
            assertThat(wire.readTextToEnd())
                    .isEqualTo(
                            "PROXY TCP4 127.0.0.1 127.0.0.1 %d %dping"
                                    .formatted(wire.socket().getLocalPort(), bench.port));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 1000})
    void aTrustedHeaderGoesOnInTheOtherVersion(int segment) {
        String expected =
                "0d0a0d0a000d0a515549540a2111000c" + "cb007107" + "c6120001" + "9c40" + "01bb";
        try (Server server =
                        Server.of((wire, _) -> {
                            String header = HexFormat.of().formatHex(wire.readBytes(28));
                            wire.send(header + wire.readText(4));
                        });
                Bench bench = tcp("    proxyProtocol: {from: [127.0.0.0/8], send: v2}", server);
                Wire wire = bench.connect()) {
            byte[] bytes = latin("PROXY TCP4 203.0.113.7 198.18.0.1 40000 443\r\nping");
            for (int at = 0; at < bytes.length; at += segment) {
                wire.send(Arrays.copyOfRange(bytes, at, Math.min(at + segment, bytes.length)));
            }
            assertThat(wire.readTextToEnd()).isEqualTo(expected + "ping");
        }
    }

    @Test
    void aHeaderFromAnybodyElseIsTheClientsOwnBytes() {
        try (Server server = Server.of(StreamIT::echo);
                Bench bench = tcp("    proxyProtocol: {from: [198.18.0.0/15]}", server);
                Wire wire = bench.connect()) {
            roundTrip(wire, "PROXY TCP4 203.0.113.7 198.18.0.1 40000 443\r\n");
        }
    }

    @Test
    void aTrustedPeerWithoutAHeaderIsNotServed() {
        try (Server server = Server.of(StreamIT::echo);
                Bench bench =
                        tcp(
                                "    proxyProtocol: {from: [127.0.0.1]}\n"
                                        + "    timeouts: {opening: 300ms}",
                                server);
                Wire wrong = bench.connect();
                Wire silent = bench.connect()) {
            wrong.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(wrong.isEnded()).isTrue();
            silent.send("PRO");
            assertThat(silent.isEnded()).isTrue();
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.figures().refusals())
                    .containsEntry(Refusal.PROXY_HEADER, 1L)
                    .containsEntry(Refusal.OPENING_TIMEOUT, 1L);
        }
    }

    @Test
    void requestsMayComeBehindAHeaderToo() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with("    proxyProtocol: {from: [127.0.0.1]}", "", server);
                Wire wire = bench.connect()) {
            wire.send(
                    "PROXY TCP4 203.0.113.7 198.18.0.1 40000 443\r\n"
                            + "GET / HTTP/1.1\r\n"
                            + "Host: a.test\r\n"
                            + "X-Forwarded-For: 10.0.0.1\r\n\r\n");
            assertThat(wire.readResponse().status()).isEqualTo(200);
            assertThat(server.requests.getFirst().field("x-forwarded-for")).contains("203.0.113.7");
        }
    }

    @Test
    void bothSidesMaySpeakTls(@TempDir Path folder) throws Exception {
        TestCertificate inner = TestCertificate.write(folder, "inner", "db.test");
        TestCertificate outer = TestCertificate.write(folder, "outer", "a.test");
        try (Server server = Server.of(StreamIT::echo);
                Bench behind = new Bench();
                Bench front = new Bench()) {
            behind.apply(
                    behind.listener("    kind: tcp\n    upstream: app\n" + inner.tls())
                            + behind.upstream("", server));
            String upstream =
                    "upstreams:\n  - name: app\n    endpoints: [\"127.0.0.1:%d\"]\n"
                            .formatted(behind.port);
            front.apply(
                    front.listener("    kind: tcp\n    upstream: app\n" + outer.tls())
                            + upstream
                            + "    tls: {trust: %s, name: db.test}\n"
                                    .formatted(inner.certificate()));
            try (Wire wire = new Wire(TlsIT.connect(front.port, "a.test", "TLSv1.3"))) {
                roundTrip(wire, "through two handshakes");
            }
            int before = server.connections();
            front.apply(
                    front.listener("    kind: tcp\n    upstream: app\n" + outer.tls())
                            + upstream
                            + "    tls: {trust: %s, name: db.test}\n"
                                    .formatted(outer.certificate()));
            try (Wire wire = new Wire(TlsIT.connect(front.port, "a.test", "TLSv1.3"))) {
                assertThat(wire.isEnded()).isTrue();
            }
            assertThat(server.connections()).isEqualTo(before);
            await().until(() -> front.engine.load().isEmpty() && behind.engine.load().isEmpty());
        }
    }

    /** Anybody on the way can end a connection, but only the client its session. */
    @Test
    void aTlsClientHasEndedOnlyWhenItsSessionHas(@TempDir Path folder) throws Exception {
        TestCertificate own = TestCertificate.write(folder, "own", "a.test");
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (Server server =
                        Server.of((wire, _) -> {
                            try {
                                heard.add(wire.readTextToEnd());
                            } catch (UncheckedIOException e) {
                                heard.add("broken off");
                            }
                        });
                Bench bench = tcp(own.tls(), server)) {
            for (boolean truncated : new boolean[] {false, true}) {
                try (Socket below = new Socket(InetAddress.getLoopbackAddress(), bench.port);
                        SSLSocket client = TlsIT.over(below, "a.test")) {
                    client.getOutputStream().write('x');
                    if (truncated) {
                        below.shutdownOutput();
                    } else {
                        client.shutdownOutput();
                    }
                    assertThat(heard.poll(60, TimeUnit.SECONDS))
                            .isEqualTo(truncated ? "broken off" : "x");
                }
            }
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    // ---- TLS that is not decrypted

    @Test
    void theServerIsChosenByTheNameAndGetsEveryByte() {
        try (Server a = Server.of((wire, _) -> wire.send("a" + hex(wire, Hellos.hello("a.test"))));
                Server b =
                        Server.of(
                                (wire, _) -> wire.send("b" + hex(wire, Hellos.hello("x.b.test"))));
                Bench bench = new Bench()) {
            bench.apply(passthrough(bench, "", a, b));
            for (String name : new String[] {"a.test", "x.b.test"}) {
                try (Wire wire = bench.connect()) {
                    byte[] hello = Hellos.hello(name);
                    for (byte octet : hello) {
                        wire.send(new byte[] {octet});
                    }
                    assertThat(wire.readTextToEnd())
                            .isEqualTo(
                                    (name.equals("a.test") ? "a" : "b")
                                            + HexFormat.of().formatHex(hello));
                }
            }
        }
    }

    @Test
    void anUnknownNameOrNoneIsRefusedOrGoesToTheDefault() {
        byte[] unknown = Hellos.hello("c.test");
        try (Server a = Server.of((wire, _) -> wire.send("a" + hex(wire, unknown)));
                Bench bench = new Bench()) {
            bench.apply(passthrough(bench, "", a, a));
            try (Wire wire = bench.connect()) {
                wire.send(unknown);
                assertThat(wire.readToEnd()).isEqualTo(ALERT_UNRECOGNIZED_NAME);
            }
            assertThat(a.connections()).isZero();
            bench.apply(passthrough(bench, "    otherwise: a\n", a, a));
            try (Wire wire = bench.connect()) {
                wire.send(unknown);
                assertThat(wire.readTextToEnd()).isEqualTo("a" + HexFormat.of().formatHex(unknown));
            }
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void whatIsNoTlsOrTooLongGetsAnAlertAndNoServer() {
        try (Server a = Server.of(StreamIT::echo);
                Bench bench = new Bench()) {
            bench.apply(passthrough(bench, "    otherwise: a\n    limits: {hello: 1KiB}\n", a, a));
            try (Wire wire = bench.connect()) {
                wire.send("GET / HTTP/1.1\r\n\r\n");
                assertThat(HexFormat.of().formatHex(wire.readToEnd())).isEqualTo("1503030002020a");
            }
            try (Wire wire = bench.connect()) {
                wire.send(HexFormat.of().parseHex("160301400001003ffc0303"));
                assertThat(HexFormat.of().formatHex(wire.readToEnd())).isEqualTo("15030300020216");
            }
            assertThat(a.connections()).isZero();
            assertThat(bench.engine.figures().refusals()).containsEntry(Refusal.CLIENT_HELLO, 2L);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    // ----

    private static String hex(Wire wire, byte[] like) {
        return HexFormat.of().formatHex(wire.readBytes(like.length));
    }

    static void echo(Wire wire, Server server) {
        for (int octet = wire.read(); octet >= 0; octet = wire.read()) {
            wire.send(new byte[] {(byte) octet});
        }
    }

    private static void roundTrip(Wire wire, String text) {
        wire.send(text);
        assertThat(wire.readText(text.length())).isEqualTo(text);
    }

    private static byte[] latin(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Bench tcp(String more, Server... servers) {
        Bench bench = new Bench();
        bench.apply(stream(bench, more, servers));
        return bench;
    }

    private static String stream(Bench bench, String more, Server... servers) {
        return bench.listener("    kind: tcp\n    upstream: app\n" + more)
                + bench.upstream("", servers);
    }

    private static String passthrough(Bench bench, String more, Server a, Server b) {
        return bench.listener(
                        """
                            kind: tls-passthrough
                            names:
                              - {host: a.test, upstream: a}
                              - {host: "*.b.test", upstream: b}
                        """
                                + more)
                + bench.upstream("", a).replace("name: app", "name: a")
                + bench.upstream("", b).replace("upstreams:\n", "").replace("name: app", "name: b");
    }
}
