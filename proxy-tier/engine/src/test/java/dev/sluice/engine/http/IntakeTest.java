package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Targets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntakeTest {
    private static final Peer PEER =
            new Peer(HostPort.parse("203.0.113.9:40000"), HostPort.parse("198.18.0.1:80"), false);

    @ParameterizedTest
    @CsvSource({
        "TRACE, /, METHOD_NOT_ALLOWED",
        "CONNECT, a:1, METHOD_NOT_ALLOWED",
        "G(T, /, MALFORMED",
        "'', /, MALFORMED",
        "GET, *, BAD_TARGET",
        "GET, a, BAD_TARGET",
        "GET, ftp://a/, BAD_TARGET",
        "GET, http:///, BAD_TARGET",
        "GET, http://u@h/, BAD_TARGET",
        "GET, http://a/../x, BAD_TARGET",
        "GET, /.., BAD_TARGET",
    })
    void requestLinesAreChecked(String method, String target, Failure failure) {
        assertThat(
                        Intake.http1(
                                method,
                                target,
                                1,
                                ListFields.of("host", "a"),
                                PEER,
                                Targets.DEFAULT))
                .isEqualTo(new Intake.Refused(failure));
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding, gzip, BAD_FRAMING",
        "transfer-encoding, 'gzip, chunked', UNKNOWN_CODING",
        "transfer-encoding, 'chunked, chunked', BAD_FRAMING",
        "content-length, +1, BAD_FRAMING",
        "content-length, -1, BAD_FRAMING",
        "content-length, '1,1', BAD_FRAMING",
        "content-length, '', BAD_FRAMING",
        "content-length, 0x1, BAD_FRAMING",
        "content-length, 99999999999999999999, BAD_FRAMING",
        "sec-websocket-key1, x, BAD_FRAMING",
        "expect, 200-maybe, UNKNOWN_EXPECTATION",
        "host, b, BAD_HOST",
    })
    void fieldsAreChecked(String name, String value, Failure failure) {
        assertThat(take("POST", ListFields.of("host", "a", name, value)))
                .isEqualTo(new Intake.Refused(failure));
    }

    @Test
    void twoLengthsAreRefused() {
        Intake.Refused refused = new Intake.Refused(Failure.BAD_FRAMING);
        assertThat(
                        take(
                                "POST",
                                ListFields.of(
                                        "host",
                                        "a",
                                        "content-length",
                                        "1",
                                        "transfer-encoding",
                                        "chunked")))
                .isEqualTo(refused);
        assertThat(
                        take(
                                "POST",
                                ListFields.of(
                                        "host", "a", "content-length", "1", "content-length", "1")))
                .isEqualTo(refused);
        assertThat(
                        Intake.http1(
                                "POST",
                                "/",
                                0,
                                ListFields.of("host", "a", "transfer-encoding", "chunked"),
                                PEER,
                                Targets.DEFAULT))
                .isEqualTo(refused);
    }

    @Test
    void onlyHttpOneOhMayLeaveOutTheHost() {
        assertThat(take("GET", new ListFields())).isEqualTo(new Intake.Refused(Failure.BAD_HOST));
        assertThat(Intake.http1("GET", "/", 0, new ListFields(), PEER, Targets.DEFAULT))
                .isInstanceOfSatisfying(
                        Intake.Taken.class,
                        taken -> assertThat(taken.head().authority()).isEqualTo("198.18.0.1:80"));
    }

    @Test
    void theAuthorityOfAnAbsoluteTargetReplacesTheHost() {
        assertThat(
                        Intake.http1(
                                "GET",
                                "HTTP://B:80?x",
                                1,
                                ListFields.of("host", "a"),
                                PEER,
                                Targets.DEFAULT))
                .isInstanceOfSatisfying(
                        Intake.Taken.class,
                        taken -> {
                            assertThat(taken.head().host()).isEqualTo("b");
                            assertThat(taken.head().authority()).isEqualTo("B:80");
                            assertThat(taken.head().target()).isEqualTo("/?x");
                        });
        assertThat(
                        Intake.http1(
                                "GET",
                                "http://b/",
                                1,
                                ListFields.of("host", "a b"),
                                PEER,
                                Targets.DEFAULT))
                .isEqualTo(new Intake.Refused(Failure.BAD_HOST));
    }

    @Test
    void anAbsoluteTargetWithAnotherHostIsRefusedIfThatIsWanted() {
        Targets strict = new Targets(Targets.EncodedSlash.REFUSE, Targets.OtherHost.REFUSE);
        Fields fields = ListFields.of("host", "a");
        Intake refused = new Intake.Refused(Failure.BAD_HOST);
        assertThat(Intake.http1("GET", "http://b/", 1, fields, PEER, strict)).isEqualTo(refused);
        assertThat(Intake.http1("GET", "http://a:80/", 1, fields, PEER, strict)).isEqualTo(refused);
        assertThat(Intake.http1("GET", "http://A/", 1, fields, PEER, strict))
                .isInstanceOf(Intake.Taken.class);
        assertThat(Intake.http1("GET", "http://b/", 0, new ListFields(), PEER, strict))
                .isInstanceOf(Intake.Taken.class);
    }

    @Test
    void onlyWebSocketsAreUpgraded() {
        assertThat(head("GET", "upgrade", "h2c", "connection", "upgrade").asksForTunnel())
                .isFalse();
        assertThat(head("GET", "upgrade", "WebSocket", "connection", "Upgrade").upgrade())
                .isEqualTo("websocket");
        assertThat(head("GET", "upgrade", "websocket").asksForTunnel()).isFalse();
        assertThat(
                        take(
                                "POST",
                                ListFields.of(
                                        "host",
                                        "a",
                                        "upgrade",
                                        "websocket",
                                        "connection",
                                        "upgrade")))
                .isEqualTo(new Intake.Refused(Failure.BAD_UPGRADE));
        assertThat(
                        take(
                                "GET",
                                ListFields.of(
                                        "host",
                                        "a",
                                        "upgrade",
                                        "websocket",
                                        "connection",
                                        "upgrade",
                                        "content-length",
                                        "1")))
                .isEqualTo(new Intake.Refused(Failure.BAD_UPGRADE));
    }

    @Test
    void bodiesAreKnownByLengthOrChunks() {
        assertThat(head("POST", "content-length", "5").bodyLength()).isEqualTo(5);
        assertThat(head("POST", "transfer-encoding", "Chunked").bodyLength())
                .isEqualTo(RequestHead.UNKNOWN_LENGTH);
        assertThat(head("POST").hasBody()).isFalse();
        assertThat(head("OPTIONS").path()).isEqualTo("/");
    }

    private static RequestHead head(String method, String... more) {
        ListFields fields = ListFields.of(more);
        fields.add(Names.HOST, "a");
        return ((Intake.Taken) take(method, fields)).head();
    }

    private static Intake take(String method, Fields fields) {
        return Intake.http1(method, "/", 1, fields, PEER, Targets.DEFAULT);
    }
}
