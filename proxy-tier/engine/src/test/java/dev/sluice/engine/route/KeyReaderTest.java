package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.api.Test;

final class KeyReaderTest {
    @Test
    void aHostIsOneClientWithAllItsAddresses() {
        assertThat(of("2001:db8::1"))
                .isEqualTo(of("2001:db8::ffff:1"))
                .isNotEqualTo(of("2001:db8:0:1::1"));
        assertThat(of("203.0.113.1")).isNotEqualTo(of("203.0.113.2"));
    }

    private static byte[] of(String address) {
        return KeyReader.ofClient(Address.parse(address));
    }
}
