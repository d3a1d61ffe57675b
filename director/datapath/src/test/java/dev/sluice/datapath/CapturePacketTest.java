package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the director's program tells about single frames. */
class CapturePacketTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Address CLIENT = Address.parse("198.19.0.7");
    private static final Address OTHER_VIP = Address.parse("203.0.113.77");
    private static final FlowKey FLOW =
            new FlowKey(Protocol.TCP, CLIENT, 40_000, TestPools.VIP, TestPools.PORT);
    private static final ForwardingTable TABLE = TestPools.table(7, "p1 p2", "p3 p4");

    private LoadedDirector director;
    private DirectorCapture capture;

    @BeforeEach
    void load() {
        Capability.BPF.require();
        director = new LoadedDirector(Address.parse("198.18.0.200"), Transmit.toSender());
        director.install(TABLE);
        capture = new DirectorCapture(director.maps(), false);
    }

    @AfterEach
    void close() {
        if (director != null) {
            capture.close();
            director.close();
        }
    }

    private static byte[] frame(FlowKey flow) {
        return TestFrames.ethernet(
                TestFrames.ipv4(
                        6,
                        flow.source(),
                        flow.destination(),
                        TestFrames.tcp(
                                flow.sourcePort(), flow.destinationPort(), TestFrames.SYN, 1, 0)));
    }

    private static FlowKey to(Address vip) {
        return new FlowKey(Protocol.TCP, CLIENT, 40_000, vip, TestPools.PORT);
    }

    private static CaptureFilter of(Optional<AddressBlock> client, Optional<AddressBlock> vip) {
        return new CaptureFilter(
                client, 0, vip, 0, Optional.empty(), EnumSet.allOf(DirectorCounter.class), 1000);
    }

    private List<CapturedPacket> captured() {
        return capture.poll(Duration.ZERO);
    }

    @Test
    void aForwardedPacketComesWithAllThatTheProgramDecidedBy() {
        capture.begin(CaptureFilter.all(1000), LONG);

        FrameVerdict<DirectorCounter> verdict = director.run(frame(FLOW));

        CapturedPacket packet = captured().getFirst();
        assertThat(packet.verdict()).isEqualTo(DirectorCounter.FORWARDED);
        assertThat(packet.pool()).contains("web");
        assertThat(packet.bind()).contains(Bind.tcp(TestPools.VIP, TestPools.PORT));
        assertThat(packet.hash()).isEqualTo(RowHash.hash(TABLE.spec(), FLOW));
        assertThat(packet.row()).isEqualTo(RowHash.row(TABLE.spec(), FLOW));
        assertThat(packet.generation()).isEqualTo(7);
        assertThat(packet.chain())
                .isEqualTo(TABLE.hopsOf(packet.row()).stream().map(Proxy::address).toList())
                .hasSize(4);
        assertThat(packet.frame()).isEqualTo(verdict.frame());
        assertThat(packet.length()).isEqualTo(packet.frame().length);
        assertThat(packet.withoutOuterHeaders().frame())
                .isEqualTo(TestFrames.toRouter(frame(FLOW)));
        assertThat(packet.withoutOuterHeaders().length()).isEqualTo(frame(FLOW).length);
    }

    @Test
    void aPacketForNoBindSaysSo() {
        capture.begin(CaptureFilter.all(1000), LONG);

        director.run(frame(to(OTHER_VIP)));

        CapturedPacket packet = captured().getFirst();
        assertThat(packet.verdict()).isEqualTo(DirectorCounter.PASS_NO_BIND);
        assertThat(packet.pool()).isEmpty();
        assertThat(packet.bind()).isEmpty();
        assertThat(packet.chain()).isEmpty();
        assertThat(packet.withoutOuterHeaders().frame()).isEqualTo(frame(to(OTHER_VIP)));
    }

    @Test
    void takesOnlyWhatItsFilterWants() {
        Optional<AddressBlock> vips = Optional.of(AddressBlock.parse("203.0.113.64/26"));

        capture.begin(of(Optional.empty(), vips), LONG);
        director.run(frame(FLOW));
        director.run(frame(to(OTHER_VIP)));
        assertThat(captured())
                .extracting(CapturedPacket::verdict)
                .containsExactly(DirectorCounter.PASS_NO_BIND);

        capture.begin(of(Optional.of(AddressBlock.parse("198.19.0.8")), Optional.empty()), LONG);
        director.run(frame(FLOW));
        assertThat(captured()).isEmpty();

        capture.begin(of(Optional.of(AddressBlock.parse("198.19.0.0/16")), vips), LONG);
        director.run(frame(FLOW));
        director.run(frame(to(OTHER_VIP)));
        assertThat(captured()).hasSize(1);

        capture.begin(of(Optional.of(AddressBlock.parse("2001:db8::/32")), Optional.empty()), LONG);
        director.run(frame(FLOW));
        assertThat(captured()).isEmpty();
    }

    @Test
    void takesOnlyThePortsProtocolAndVerdictsThatAreWanted() {
        assertThat(taken(40_000, 443, Protocol.TCP, DirectorCounter.FORWARDED)).isTrue();
        assertThat(taken(40_001, 443, Protocol.TCP, DirectorCounter.FORWARDED)).isFalse();
        assertThat(taken(40_000, 444, Protocol.TCP, DirectorCounter.FORWARDED)).isFalse();
        assertThat(taken(40_000, 443, Protocol.UDP, DirectorCounter.FORWARDED)).isFalse();
        assertThat(taken(40_000, 443, Protocol.TCP, DirectorCounter.DROP_NO_HOPS)).isFalse();
    }

    private boolean taken(int clientPort, int vipPort, Protocol protocol, DirectorCounter verdict) {
        capture.begin(
                new CaptureFilter(
                        Optional.empty(),
                        clientPort,
                        Optional.empty(),
                        vipPort,
                        Optional.of(protocol),
                        Set.of(verdict),
                        1000),
                LONG);
        director.run(frame(FLOW));
        return !captured().isEmpty();
    }

    @Test
    void takesNoMoreThanItsRateAndCountsTheRest() {
        capture.begin(CaptureFilter.all(2), LONG);

        for (int i = 0; i < 50; i++) {
            director.run(frame(FLOW));
        }

        // A burst of one second's on each CPU that the test ran on.
        int taken = captured().size();
        assertThat(taken).isBetween(2, 2 * Runtime.getRuntime().availableProcessors() + 2);
        assertThat(capture.missed()).isEqualTo(50 - taken);
    }

    @Test
    void forwardsAllTheSameWhenNobodyReads() {
        capture.begin(CaptureFilter.all(CaptureFilter.MAX_RATE), LONG);

        for (int i = 0; i < 600; i++) {
            assertThat(director.run(frame(FLOW)).counters())
                    .containsExactly(DirectorCounter.FORWARDED);
        }

        assertThat(capture.missed()).isPositive();
        assertThat(captured().size() + capture.missed()).isEqualTo(600);
    }

    @Test
    void endsByItselfWhenNobodyPolls() {
        ConfigMap config = new ConfigMap(director.maps().get(DatapathMaps.CONFIG));
        capture.begin(CaptureFilter.all(1000), Duration.ZERO);
        assertThat(config.capturing()).isEqualTo((int) ProcessHandle.current().pid());

        director.run(frame(FLOW));

        assertThat(config.capturing()).isZero();
        assertThat(captured()).isEmpty();
    }

    @Test
    void refusesAFilterThatNoPacketMeets() {
        assertThatThrownBy(() ->
                        of(
                                Optional.of(AddressBlock.parse("2001:db8::/32")),
                                Optional.of(AddressBlock.parse("203.0.113.10"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no packet has both");
        assertThatThrownBy(() -> CaptureFilter.all(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 100000");
    }
}
