package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExchangeIT {
    @Test
    void aRequestGoesToItsServerAndTheResponseComesBack() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.to(server)) {
            Wire.Message response = bench.get("/a?b=c");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello");
            assertThat(server.requests).hasSize(1);
            assertThat(server.requests.getFirst().head())
                    .isEqualTo(
                            Wire.crlf(
                                    """
                                    GET /a?b=c HTTP/1.1
                                    Host: test
                                    x-forwarded-for: 127.0.0.1
                                    x-forwarded-proto: http
                                    x-forwarded-host: test

                                    """));
        }
    }
}
