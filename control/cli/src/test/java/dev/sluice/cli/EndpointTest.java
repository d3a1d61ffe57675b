package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "198.18.0.1:80, 198.18.0.1:80",
        "[2001:DB8:0:0:1:0:0:1]:80, [2001:db8::1:0:0:1]:80",
        "[2001:db8:0:1:1:1:1:1]:65535, [2001:db8:0:1:1:1:1:1]:65535",
        "[::1]:1, [::1]:1"
    })
    void isPrintedByRfc5952(String text, String printed) {
        assertThat(Endpoint.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.18.0.1", "2001:db8::1:80", "[198.18.0.1]:80", "host:80", ":80"})
    void whatIsNoAddressAndPortIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.18.0.1:0", "198.18.0.1:65536"})
    void saysWhichPortsThereAre(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(text))
                .withMessageContaining("allowed are 1 to 65535");
    }
}
