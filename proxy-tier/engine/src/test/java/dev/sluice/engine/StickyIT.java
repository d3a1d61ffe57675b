package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.exchange.HedgeResult;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that stay at their server, by a cookie. */
final class StickyIT {
    private static final String SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=\n";
    private static final String OTHER = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=\n";

    @TempDir Path folder;
    private Path secret = Path.of("");

    @BeforeEach
    void writeSecret() throws IOException {
        secret =
                Files.createFile(
                        folder.resolve("sticky"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, SECRET);
    }

    private String sticky() {
        return "    balance: round-robin\n    sticky: {cookie: SRV, secret: " + secret + "}";
    }

    private Bench hedging(Server... servers) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener("")
                        + bench.upstream(sticky(), servers)
                        + "routes: [{upstream: app, hedge: {after: 20ms}}]");
        return bench;
    }

    private static Wire.Message get(Bench bench, String cookie) {
        try (Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: test\r\nCookie: " + cookie + "\r\n\r\n");
            return wire.readResponse();
        }
    }

    /** The cookie as a client sends it back. */
    private static String given(Wire.Message response) {
        String set = response.field("set-cookie").orElseThrow();
        assertThat(set).matches("SRV=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax");
        return set.substring(0, set.indexOf(';'));
    }

    private static void assertStays(Bench bench, String cookie, String server) {
        for (int i = 0; i < 6; i++) {
            Wire.Message response = get(bench, "a=b; " + cookie);
            assertThat(response.text()).isEqualTo(server);
            assertThat(response.field("set-cookie")).isEmpty();
        }
    }

    @Test
    void aClientStaysAlsoOnAnotherProxyAndAfterAReload() {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Server three = Server.saying("three");
                Bench bench = Bench.with("", sticky(), one, two, three);
                Bench other = Bench.with("", sticky(), three, one, two)) {
            Set<String> cookies = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                Wire.Message first = bench.get("/");
                String cookie = given(first);
                cookies.add(cookie);
                assertStays(bench, cookie, first.text());
                assertStays(other, cookie, first.text());
            }
            assertThat(cookies).hasSizeGreaterThan(1);
            Wire.Message last = bench.get("/");
            bench.apply(
                    bench.listener("")
                            + bench.upstream(sticky() + "\n    maxRequests: 9", two, one, three)
                            + "routes: [{upstream: app}]");
            assertStays(bench, given(last), last.text());
        }
    }

    /** Slow or not: its session is there. */
    @Test
    void aClientWithAPlaceIsNotHedged() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        Server.Behaviour inTurn =
                (wire, self) -> {
                    while (true) {
                        self.take(wire);
                        switch (asked.incrementAndGet()) {
                            case 2 -> {
                                goOn.await();
                                wire.send(Server.ok("late"));
                            }
                            case 3 -> wire.readToEnd();
                            default -> wire.send(Server.ok("quick"));
                        }
                    }
                };
        try (Server one = Server.of(inTurn);
                Server two = Server.of(inTurn);
                Bench bench = hedging(one, two);
                Wire pinned = bench.connect()) {
            String cookie = given(bench.get("/"));
            pinned.send("GET / HTTP/1.1\r\nHost: test\r\nCookie: " + cookie + "\r\n\r\n");
            await().until(() -> asked.get() == 2);
            // Sent later, and hedged: the time of the first is over.
            assertThat(bench.get("/").text()).isEqualTo("quick");
            goOn.countDown();
            assertThat(pinned.readResponse().text()).isEqualTo("late");
            assertThat(asked).hasValue(4);
            assertThat(bench.engine.figures().hedges())
                    .containsEntry(HedgeResult.WON, 1L)
                    .containsEntry(HedgeResult.LOST, 0L);
        }
    }

    @Test
    void whatNobodyGaveIsWorthNothing() {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench = Bench.with("", sticky(), one, two)) {
            for (String made : new String[] {"", "127.0.0.1:80", "AAAAAAAAAAAAAAAAAAAAAA"}) {
                given(get(bench, "SRV=" + made));
            }
        }
    }

    @Test
    void aClientMovesWhenItsServerIsGone() {
        Server one = Server.saying("one");
        try (Server two = Server.saying("two");
                Bench bench = Bench.with("", sticky(), one, two)) {
            Wire.Message first = bench.get("/");
            if (first.text().equals("two")) {
                first = bench.get("/");
            }
            assertThat(first.text()).isEqualTo("one");
            one.close();
            Wire.Message moved = get(bench, given(first));
            assertThat(moved.text()).isEqualTo("two");
            assertThat(given(moved)).isNotEqualTo(given(first));
            assertStays(bench, given(moved), "two");
        }
    }

    @Test
    void weightZeroIsForThoseWhoAreThereAlready() {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench = Bench.with("", sticky(), one, two)) {
            Wire.Message first = bench.get("/");
            Server its = first.text().equals("one") ? one : two;
            Server others = its == one ? two : one;
            bench.apply(
                    bench.listener("")
                            + """
                            upstreams:
                              - name: app
                                endpoints: [{address: "%s", weight: 0}, "%s"]
                            """
                                    .formatted(its.address(), others.address())
                            + sticky()
                            + "\nroutes: [{upstream: app}]");
            assertStays(bench, given(first), first.text());
            for (int i = 0; i < 6; i++) {
                assertThat(bench.get("/").text()).isNotEqualTo(first.text());
            }
        }
    }

    @Test
    void anOlderSecretIsReadAndANewerOneWrites() throws IOException {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two")) {
            Wire.Message first;
            try (Bench bench = Bench.with("", sticky(), one, two)) {
                first = bench.get("/");
            }
            Files.writeString(secret, OTHER + SECRET);
            try (Bench bench = Bench.with("", sticky(), one, two)) {
                Wire.Message again = get(bench, given(first));
                assertThat(again.text()).isEqualTo(first.text());
                assertThat(given(again)).isNotEqualTo(given(first));
                assertStays(bench, given(again), first.text());
            }
            Files.writeString(secret, OTHER);
            try (Bench bench = Bench.with("", sticky(), one, two)) {
                given(get(bench, given(first)));
            }
        }
    }

    @Test
    void behindATrustedPeerWithTlsTheCookieIsForTlsOnly() {
        String https = "GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-Proto: https\r\n\r\n";
        try (Server one = Server.saying("one");
                Bench bench = Bench.with("", sticky(), one)) {
            assertThat(setBy(bench, https)).doesNotContain("Secure");
            bench.apply(
                    "trustedPeers: [127.0.0.0/8]\n"
                            + bench.listener("")
                            + bench.upstream(sticky(), one)
                            + "routes: [{upstream: app}]");
            assertThat(setBy(bench, https)).endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure");
            assertThat(setBy(bench, https.replace("https", "http"))).doesNotContain("Secure");
        }
    }

    private static String setBy(Bench bench, String request) {
        try (Wire wire = bench.connect()) {
            wire.send(request);
            return wire.readResponse().field("set-cookie").orElseThrow();
        }
    }

    @Test
    void aSecretThatOthersCanReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        try (Server one = Server.saying("one");
                Bench bench = new Bench()) {
            String yaml =
                    bench.listener("")
                            + bench.upstream(sticky(), one)
                            + "routes: [{upstream: app}]";
            assertThat(bench.engine.apply("l7.yaml", L7Config.parse("l7.yaml", yaml).orElseThrow()))
                    .singleElement()
                    .asString()
                    .contains("upstreams[0].sticky.secret: ")
                    .contains("is open to other users than its owner");
        }
    }
}
