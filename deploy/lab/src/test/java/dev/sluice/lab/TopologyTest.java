package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final Topology LARGEST =
            new Topology(Topology.MAX_DIRECTORS, Topology.MAX_PROXIES, Topology.MAX_PROXIES);

    @Test
    void everyNodeHasANameAndAddressOfItsOwn() {
        assertThat(LARGEST.nodes()).extracting(Node::name).doesNotHaveDuplicates();
        assertThat(LARGEST.hosts()).extracting(Node::address).doesNotHaveDuplicates();
    }

    @Test
    void deviceNamesFitTheKernel() {
        assertThat(LARGEST.hosts())
                .extracting(Node::routerDevice)
                .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(15));
    }

    @Test
    void clientsHaveAtLeast64Addresses() {
        assertThat(Topology.clientAddresses())
                .hasSizeGreaterThanOrEqualTo(64)
                .doesNotHaveDuplicates();
    }

    @Test
    void findsNodesByName() {
        assertThat(LARGEST.find("proxy-2")).contains(new Node(Role.PROXY, 2));
        assertThat(LARGEST.find("router")).contains(LARGEST.router());
        assertThat(LARGEST.find("proxy-41")).isEmpty();
    }

    @Test
    void refusesALabWithoutDirectors() {
        assertThatThrownBy(() -> new Topology(0, 3, 2))
                .hasMessage("a lab has 1 to 32 directors, not 0");
    }
}
