package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.HostPort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

final class ServiceInstanceTest {
    private static ServiceInstance parse(String json) {
        return ServiceInstance.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** As Curator 5.9.0 writes it. */
    @Test
    void anInstanceIsReadAsItsServerRegisteredIt() {
        String written =
                """
                {"name":"app","id":"f6e9","address":"198.18.3.1","port":8080,"sslPort":null,\
                "payload":{"@class":"x.Y","version":"1"},"registrationTimeUTC":1768000000000,\
                "serviceType":"DYNAMIC","uriSpec":{"parts":[{"value":"scheme","variable":true}]},\
                "enabled":true}\
                """;
        assertThat(parse(written))
                .isEqualTo(new ServiceInstance(HostPort.parse("198.18.3.1:8080"), true));
        assertThat(parse(written.replace("true}", "false}")).enabled()).isFalse();
    }

    @Test
    void withTlsAloneItsPortIsThatOne() {
        assertThat(parse("{\"address\":\"2001:db8::1\",\"port\":null,\"sslPort\":8443}"))
                .isEqualTo(new ServiceInstance(HostPort.parse("[2001:db8::1]:8443"), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"port\":80}; has no address",
                "{\"address\":\"198.18.3.1\"}; has no port",
                "{\"address\":\"198.18.3.1\",\"port\":0}; port 0",
                "{\"address\":\"app.internal\",\"port\":80}; app.internal",
                "[]; is not an object of JSON",
                "{; is not JSON"
            })
    void whatIsNoneSaysWhatIsWrong(String json, String why) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
