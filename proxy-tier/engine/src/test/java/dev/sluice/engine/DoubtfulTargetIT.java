package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Targets that a listener's configuration decides on. */
final class DoubtfulTargetIT {
    private static final String KEEP = "    targets: {encodedSlash: keep}";
    private static final String STRICT = "    targets: {otherHost: refuse}";

    private static String get(String target, String host) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target, host);
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2fb?c=%2f, GET /a%2Fb?c=%2f HTTP/1.1",
        "/x/../a%2Fb, GET /a%2Fb HTTP/1.1",
    })
    void anEncodedSlashGoesThroughWhereItIsKept(String target, String seen) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(KEEP, "", server);
                Wire wire = bench.connect()) {
            wire.send(get(target, "test"));
            assertThat(wire.readResponse().text()).isEqualTo("seen");
            assertThat(server.requests.getLast().firstLine()).isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/..%2fb", "/a%2f%2e%2e%2fb", "/a%2f..;x", "/a%2f%00"})
    void whatHidesBehindAnEncodedSlashIsRefusedEvenThere(String target) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(KEEP, "", server);
                Wire wire = bench.connect()) {
            wire.send(get(target, "test"));
            FailureIT.assertFailure(wire.readResponse(), 400, "bad-target");
            assertThat(wire.isEnded()).isTrue();
            assertThat(server.requests).isEmpty();
        }
    }

    /** It is no slash to the routes either. */
    @ParameterizedTest
    @CsvSource({"/a/b, inner", "/a%2Fb, outer"})
    void anEncodedSlashEndsNoSegment(String target, String upstream) {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Server inner = named("inner", asked);
                Server outer = named("outer", asked);
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(KEEP)
                            + bench.upstream("", outer)
                            + "  - name: inner\n    endpoints: [\"%s\"]\n"
                                    .formatted(inner.address())
                            + "routes: [{upstream: app}, {path: /a, upstream: inner}]");
            bench.get(target);
            assertThat(asked).containsExactly(upstream);
        }
    }

    private static Server named(String name, List<String> asked) {
        return Server.answering(request -> {
            asked.add(name);
            return Server.ok(name);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://other/", "http://test:81/", "https://test.other"})
    void anAbsoluteTargetThatDisagreesWithHostIsRefusedWhereThatIsWanted(String target) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(STRICT, "", server);
                Wire wire = bench.connect()) {
            wire.send(get(target, "test"));
            FailureIT.assertFailure(wire.readResponse(), 400, "bad-host");
            assertThat(wire.isEnded()).isTrue();
            assertThat(server.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://test/a", "/a"})
    void whatAgreesWithHostGoesThroughThere(String target) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(STRICT, "", server);
                Wire wire = bench.connect()) {
            wire.send(get(target, "Test"));
            assertThat(wire.readResponse().text()).isEqualTo("seen");
            assertThat(server.requests.getLast().firstLine()).isEqualTo("GET /a HTTP/1.1");
        }
    }

    @ParameterizedTest
    @CsvSource({"/a%2fb, 200", "/a/..%2fb, 400"})
    void http2IsTreatedAlike(String path, int status) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(Http2IT.H2 + "\n" + KEEP, "", server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.get(1, path);
            assertThat(client.reply(1).status()).isEqualTo(status);
            assertThat(server.requests).hasSize(status == 200 ? 1 : 0);
        }
    }
}
