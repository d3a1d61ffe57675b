package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Yaml;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorConfigTest {
    private static final Address IPV4 = Address.parse("198.18.11.10");
    private static final Address IPV6 = Address.parse("2001:db8:11::10");

    private static Parsed<DirectorConfig> read(String addresses) {
        String text =
                """
                id: d1
                cluster: lab
                zookeeper: 198.18.3.10:2181
                state: /var/lib/sluice/d1
                datapath: {device: eth0, pins: /sys/fs/bpf/sluice/d1}
                """
                        + addresses;
        return Yaml.parse("director.yaml", text, DirectorConfig::read);
    }

    private static Underlay underlay(String addresses) {
        return read(addresses).orElseThrow().underlay();
    }

    @Test
    void aHostHasOneAddressOfEitherFamilyOrBoth() {
        assertThat(underlay("address: 198.18.11.10")).isEqualTo(Underlay.of(IPV4));
        assertThat(underlay("address: 2001:db8:11::10")).isEqualTo(Underlay.of(IPV6));
        assertThat(underlay("address: 198.18.11.10\naddress6: 2001:db8:11::10"))
                .isEqualTo(Underlay.of(IPV4).and(IPV6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address: 198.18.11.10\naddress6: 198.18.11.11",
                "address: 2001:db8:11::10\naddress6: 2001:db8:11::11"
            })
    void twoOfOneFamilyAreRefused(String addresses) {
        assertThat(read(addresses).problems())
                .singleElement()
                .extracting(Problem::toString)
                .asString()
                .startsWith(
                        "director.yaml:7:11: address6: '" + addresses.split("address6: ", -1)[1])
                .contains("does not go with 'address'; allowed: an IPv6 address beside");
    }
}
