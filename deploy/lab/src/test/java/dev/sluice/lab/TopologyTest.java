package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final Topology LARGEST =
            new Topology(
                    5,
                    Topology.MAX_CONTROLS,
                    Topology.MAX_DIRECTORS,
                    Topology.MAX_PROXIES,
                    Topology.MAX_PROXIES);

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
    void clientsHaveAtLeast1000Addresses() {
        assertThat(Topology.clientAddresses())
                .hasSizeGreaterThanOrEqualTo(1000)
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
        assertThatThrownBy(() -> Topology.of(0, 3, 2))
                .hasMessage("a lab has 1 to 32 directors, not 0");
    }

    @Test
    void anEnsembleHasNodesOfItsOwn() {
        Topology topology = new Topology(3, 3, 1, 1, 1);
        assertThat(topology.embedsZooKeeper()).isFalse();
        assertThat(topology.ensemble())
                .extracting(Node::name)
                .containsExactly("zookeeper-1", "zookeeper-2", "zookeeper-3");
    }

    @Test
    void aSingleControllerRunsTheSingleZooKeeper() {
        Topology topology = Topology.of(1, 1, 1);
        assertThat(topology.nodes(Role.ZOOKEEPER)).isEmpty();
        assertThat(topology.ensemble()).extracting(Node::name).containsExactly("control-1");
        assertThat(new Topology(1, 3, 1, 1, 1).ensemble())
                .extracting(Node::name)
                .containsExactly("zookeeper-1");
    }

    @Test
    void refusesAnEnsembleThatGainsNothing() {
        assertThatThrownBy(() -> new Topology(2, 1, 1, 1, 1))
                .hasMessage("a lab has 1, 3 or 5 ZooKeeper nodes, not 2");
    }
}
