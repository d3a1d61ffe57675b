package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FlowVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.table.FlowKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A download that is pinned to one proxy while tables are swapped, explained packet by packet. */
class TableSwapIT {
    private static final Logger LOG = LoggerFactory.getLogger(TableSwapIT.class);
    private static final int PINNED = 40_123;
    private static final long MEBIBYTE = 1L << 20;

    /** Odd: after the last one the owner is second. */
    private static final int SWAPS = 31;

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

    static Stream<Arguments> networksAndFlows() {
        return Arrays.stream(Network.values())
                .flatMap(network ->
                        Stream.of(
                                Arguments.of(network, Download.flow(PINNED)),
                                Arguments.of(network, Download.flow6(PINNED))));
    }

    @ParameterizedTest
    @MethodSource("networksAndFlows")
    void everyPacketOfAPinnedDownloadReachesItsOwnerWhileTablesAreSwapped(
            Network network, FlowKey flow) throws Exception {
        downloadUnderSwaps(network, flow, Tier::watch, "p1 ; p2", TableSwapIT::assertExplained);
    }

    static Stream<FlowKey> flows() {
        return Stream.of(Download.flow(PINNED), Download.flow6(PINNED));
    }

    /** No flow is watched on the director. Every other table is one of narrow rows. */
    @ParameterizedTest
    @MethodSource("flows")
    void alsoOnTheStraightWay(FlowKey flow) throws Exception {
        downloadUnderSwaps(
                Network.ROUTED,
                flow,
                Tier::watchOnProxies,
                "p1 p2",
                TableSwapIT::assertAllAccountedFor);
    }

    /**
     * @param evenViews what every other table has, the newest first, between those with p2 alone
     */
    private static void downloadUnderSwaps(
            Network network,
            FlowKey flow,
            BiConsumer<Tier, FlowKey> watch,
            String evenViews,
            Consumer<Tier> explained)
            throws Exception {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (Fabric fabric = network.build();
                Tier tier = new Tier(fabric, network.transmit());
                StreamServer one = new StreamServer(fabric.node("p1"), 1);
                StreamServer two = new StreamServer(fabric.node("p2"), 2)) {
            assertThat(one).isNotSameAs(two);
            tier.install(TestPools.dual(1, "p1"));
            watch.accept(tier, flow);
            try (Download pinned = new Download(fabric.node(Fabric.CLIENT), flow)) {
                assertThat(pinned.server()).isEqualTo(1);
                swapUnder(pinned, tier, evenViews.split(" ; ", -1));
                try (Download fresh = new Download(fabric.node(Fabric.CLIENT), another(flow))) {
                    assertThat(fresh.server()).isEqualTo(2);
                    fresh.read(MEBIBYTE);
                }
                pinned.read(MEBIBYTE);
            }
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> explained.accept(tier));
            log(network, flow, tier);
        }
    }

    /**
     * Its owner is first and second hop in turn, at last second. The download goes on from before
     * the first swap until after the last; between two of them at least a mebibyte arrives.
     */
    private static void swapUnder(Download pinned, Tier tier, String[] evenViews) throws Exception {
        Semaphore arrived = new Semaphore(0);
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> reading =
                new FutureTask<>(() -> {
                    while (!over.get()) {
                        pinned.read(MEBIBYTE);
                        arrived.release();
                    }
                    return null;
                });
        Thread.ofPlatform().name("reader").daemon().start(reading);
        for (int swap = 1; swap <= SWAPS; swap++) {
            String[] views = swap % 2 == 1 ? new String[] {"p2", "p1"} : evenViews;
            arrived.drainPermits();
            assertThat(arrived.tryAcquire(1, TimeUnit.MINUTES)).as("the download goes on").isTrue();
            tier.install(TestPools.dual(1 + swap, views));
        }
        over.set(true);
        reading.get(1, TimeUnit.MINUTES);
    }

    private static FlowKey another(FlowKey flow) {
        return new FlowKey(
                flow.protocol(),
                flow.source(),
                flow.sourcePort() + 1,
                flow.destination(),
                flow.destinationPort());
    }

    /**
     * Each packet that the director sent is accounted for by exactly one host, and none is lost.
     */
    private static void assertExplained(Tier tier) {
        // Rescued are those that a director with the older table sent while proxies had the newer.
        long passedOn =
                tier.packets("p2", FlowVerdict.NEXT_HOP) + tier.packets("p2", FlowVerdict.RESCUED);
        assertThat(tier.packets("p2", FlowVerdict.NEXT_HOP)).isPositive();
        assertThat(tier.packets("p1", FlowVerdict.SECOND_CHANCE)).isEqualTo(passedOn);
        assertThat(tier.packets("p1", FlowVerdict.KEPT)).isPositive();
        assertThat(tier.packets(Fabric.DIRECTOR, FlowVerdict.FORWARDED))
                .isEqualTo(tier.packets("p1", FlowVerdict.KEPT) + passedOn);
        assertThat(tier.packets(Fabric.DIRECTOR, FlowVerdict.DROPPED)).isZero();
        assertThat(tier.packets("p1", FlowVerdict.NEXT_HOP)).isZero();
        assertThat(tier.packets("p1", FlowVerdict.RESCUED)).isZero();
        assertThat(tier.packets("p2", FlowVerdict.KEPT)).isZero();
        for (String proxy : new String[] {"p1", "p2"}) {
            assertThat(tier.packets(proxy, FlowVerdict.LAST_RESORT)).isZero();
            assertThat(tier.packets(proxy, FlowVerdict.DROPPED)).isZero();
        }
    }

    /**
     * Each packet that the director sent, of whatever flow, was kept by exactly one host, those of
     * the watched one by its owner.
     */
    private static void assertAllAccountedFor(Tier tier) {
        long kept = 0;
        for (String proxy : new String[] {"p1", "p2"}) {
            kept +=
                    tier.packets(proxy, RedirectCounter.KEPT_SYN)
                            + tier.packets(proxy, RedirectCounter.KEPT_KNOWN);
            for (RedirectCounter counter : RedirectCounter.values()) {
                if (counter.name().startsWith("DROP_")) {
                    assertThat(tier.packets(proxy, counter)).as(counter.name()).isZero();
                }
            }
            assertThat(tier.packets(proxy, RedirectCounter.KEPT_LAST_RESORT)).isZero();
        }
        assertThat(tier.packets(DirectorCounter.FORWARDED)).isPositive().isEqualTo(kept);
        assertThat(tier.packets("p2", FlowVerdict.NEXT_HOP)).isPositive();
        assertThat(tier.packets("p1", FlowVerdict.SECOND_CHANCE))
                .isEqualTo(
                        tier.packets("p2", FlowVerdict.NEXT_HOP)
                                + tier.packets("p2", FlowVerdict.RESCUED));
        assertThat(tier.packets("p2", FlowVerdict.KEPT)).isZero();
    }

    private static void log(Network network, FlowKey flow, Tier tier) {
        LOG.atInfo()
                .addKeyValue("network", network)
                .addKeyValue("vip", flow.destination())
                .addKeyValue("swaps", SWAPS)
                .addKeyValue("director.forwarded", tier.packets(DirectorCounter.FORWARDED))
                .addKeyValue("owner.kept", tier.packets("p1", FlowVerdict.KEPT))
                .addKeyValue("newFirstHop.passedOn", tier.packets("p2", FlowVerdict.NEXT_HOP))
                .addKeyValue("newFirstHop.rescued", tier.packets("p2", FlowVerdict.RESCUED))
                .addKeyValue("owner.secondChance", tier.packets("p1", FlowVerdict.SECOND_CHANCE))
                .addKeyValue("owner.lastResort", tier.packets("p1", FlowVerdict.LAST_RESORT))
                .log("flow.explained");
    }
}
