package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HopByHopTest {
    @Test
    void whatIsForTheNextHopAloneIsDropped() {
        ListFields fields =
                ListFields.of(
                        "Connection", "keep-alive, X-Private ,close",
                        "Keep-Alive", "timeout=5",
                        "Proxy-Connection", "x",
                        "Proxy-Authorization", "x",
                        "Upgrade", "h2c",
                        "HTTP2-Settings", "x",
                        "X-Private", "x",
                        "Accept", "*/*");
        HopByHop.drop(fields);
        assertThat(fields).hasToString(ListFields.of("Accept", "*/*").toString());
    }

    @Test
    void framingAndRoutingCannotBeNamedAway() {
        ListFields fields =
                ListFields.of(
                        "Connection",
                        "Host, Content-Length, Transfer-Encoding, X-Forwarded-For, TE",
                        "Host",
                        "a",
                        "Content-Length",
                        "5",
                        "X-Forwarded-For",
                        "198.18.0.9");
        HopByHop.drop(fields);
        assertThat(fields)
                .hasToString(
                        ListFields.of(
                                        "Host",
                                        "a",
                                        "Content-Length",
                                        "5",
                                        "X-Forwarded-For",
                                        "198.18.0.9")
                                .toString());
    }

    @Test
    void ofTeOnlyTrailersStay() {
        ListFields trailers = ListFields.of("TE", "gzip, trailers");
        HopByHop.drop(trailers);
        assertThat(trailers.all(Names.TE)).containsExactly("trailers");
        ListFields gzip = ListFields.of("TE", "gzip");
        HopByHop.drop(gzip);
        assertThat(gzip.isEmpty()).isTrue();
    }

    @Test
    void trailersCannotChangeFramingRoutingOrCredentials() {
        ListFields trailers =
                ListFields.of(
                        "Content-Length", "1",
                        "Host", "b",
                        "Authorization", "x",
                        "Set-Cookie", "x",
                        "X-Forwarded-For", "x",
                        "X-Checksum", "abc");
        HopByHop.dropFromTrailers(trailers);
        assertThat(trailers).hasToString(ListFields.of("X-Checksum", "abc").toString());
    }
}
