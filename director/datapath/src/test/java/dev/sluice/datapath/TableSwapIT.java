package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.table.FlowKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;

/** A download that is pinned to one proxy while the table moves on, explained packet by packet. */
class TableSwapIT {
    private static final Logger LOG = LoggerFactory.getLogger(TableSwapIT.class);
    private static final int PINNED = 40_123;
    private static final long HALF = 32L << 20;

    enum Network {
        ROUTED {
            @Override
            Fabric build() {
                return Fabric.routed(2);
            }

            @Override
            Transmit transmit() {
                return Transmit.toSender();
            }
        },
        FLAT {
            @Override
            Fabric build() {
                return Fabric.flat(2);
            }

            @Override
            Transmit transmit() {
                return Transmit.byRoutes();
            }
        };

        abstract Fabric build();

        abstract Transmit transmit();
    }

    @ParameterizedTest
    @EnumSource(Network.class)
    void everyPacketOfAPinnedDownloadReachesItsOwnerAfterTheSwap(Network network)
            throws IOException {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        FlowKey flow = Download.flow(PINNED);
        try (Fabric fabric = network.build();
                Tier tier = new Tier(fabric, network.transmit());
                StreamServer one = new StreamServer(fabric.node("p1"), 1);
                StreamServer two = new StreamServer(fabric.node("p2"), 2)) {
            assertThat(one).isNotSameAs(two);
            tier.install(TestPools.table(1, "p1"));
            tier.watch(flow);
            try (Download pinned = new Download(fabric.node(Fabric.CLIENT), PINNED)) {
                assertThat(pinned.server()).isEqualTo(1);
                pinned.read(HALF);
                long before = tier.packets(Fabric.DIRECTOR, FlowVerdict.FORWARDED);

                tier.install(TestPools.table(2, "p2", "p1"));
                try (Download fresh = new Download(fabric.node(Fabric.CLIENT), PINNED + 1)) {
                    assertThat(fresh.server()).isEqualTo(2);
                    fresh.read(1 << 20);
                }
                pinned.read(HALF);

                assertThat(tier.packets(Fabric.DIRECTOR, FlowVerdict.FORWARDED))
                        .isGreaterThan(before);
            }
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertExplained(tier));
            log(network, tier);
        }
    }

    /**
     * Each packet that the director sent is accounted for by exactly one host, and none is lost.
     */
    private static void assertExplained(Tier tier) {
        long passedOn = tier.packets("p2", FlowVerdict.NEXT_HOP);
        assertThat(passedOn).isPositive();
        assertThat(tier.packets("p1", FlowVerdict.SECOND_CHANCE)).isEqualTo(passedOn);
        assertThat(tier.packets(Fabric.DIRECTOR, FlowVerdict.FORWARDED))
                .isEqualTo(tier.packets("p1", FlowVerdict.KEPT) + passedOn);
        assertThat(tier.packets("p2", FlowVerdict.KEPT)).isZero();
        for (String proxy : new String[] {"p1", "p2"}) {
            assertThat(tier.packets(proxy, FlowVerdict.LAST_RESORT)).isZero();
            assertThat(tier.packets(proxy, FlowVerdict.RESCUED)).isZero();
            assertThat(tier.packets(proxy, FlowVerdict.DROPPED)).isZero();
        }
    }

    private static void log(Network network, Tier tier) {
        LOG.atInfo()
                .addKeyValue("network", network)
                .addKeyValue(
                        "director.forwarded", tier.packets(Fabric.DIRECTOR, FlowVerdict.FORWARDED))
                .addKeyValue("owner.kept", tier.packets("p1", FlowVerdict.KEPT))
                .addKeyValue("newFirstHop.passedOn", tier.packets("p2", FlowVerdict.NEXT_HOP))
                .addKeyValue("owner.secondChance", tier.packets("p1", FlowVerdict.SECOND_CHANCE))
                .addKeyValue("owner.lastResort", tier.packets("p1", FlowVerdict.LAST_RESORT))
                .log("flow.explained");
    }
}
