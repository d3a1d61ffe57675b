package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.HostPort;

import org.junit.jupiter.api.Test;

import java.util.List;

final class ForwardingTest {
    private static final Forwarding FORWARDING =
            new Forwarding(List.of(AddressBlock.parse("198.18.0.0/16")));

    @Test
    void whatAStrangerClaimsIsReplaced() {
        Fields fields =
                forwarded(
                        "203.0.113.9",
                        "x-forwarded-for",
                        "10.0.0.1",
                        "X-Forwarded-Proto",
                        "https",
                        "x-forwarded-host",
                        "evil",
                        "x-forwarded-port",
                        "1",
                        "forwarded",
                        "for=10.0.0.1");
        assertThat(fields)
                .hasToString(
                        ListFields.of(
                                        "x-forwarded-for",
                                        "203.0.113.9",
                                        "x-forwarded-proto",
                                        "http",
                                        "x-forwarded-host",
                                        "a")
                                .toString());
    }

    @Test
    void whatATrustedPeerSaysIsContinued() {
        Fields fields =
                forwarded(
                        "198.18.5.5",
                        "x-forwarded-for",
                        "203.0.113.9",
                        "x-forwarded-proto",
                        "https");
        assertThat(fields.all(Names.FORWARDED_FOR)).containsExactly("203.0.113.9, 198.18.5.5");
        assertThat(fields.all(Names.FORWARDED_PROTO)).containsExactly("https");
        assertThat(fields.all(Names.FORWARDED_HOST)).containsExactly("a");
    }

    @Test
    void aTrustedPeerNeedSayNothing() {
        assertThat(forwarded("198.18.5.5").all(Names.FORWARDED_FOR)).containsExactly("198.18.5.5");
    }

    private static Fields forwarded(String client, String... claims) {
        ListFields fields = ListFields.of(claims);
        Peer peer =
                new Peer(HostPort.parse(client + ":40000"), HostPort.parse("198.18.0.1:80"), false);
        FORWARDING.apply(new RequestHead("GET", false, "a", "a", "/", "", fields, 0, ""), peer);
        return fields;
    }
}
