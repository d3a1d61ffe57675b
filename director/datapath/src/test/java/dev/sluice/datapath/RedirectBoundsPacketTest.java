package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.TestFrames.Stamp;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Whom a proxy host takes packets from, how many it sends on, where lost datagrams go. */
class RedirectBoundsPacketTest {
    private static final ForwardingTable TABLE = TestPools.table(7, "p1 p2", "p3 p4");
    private static final List<Address> CHAIN = RedirectCase.chain(TABLE);
    private static final Address STRANGER = Address.parse("198.18.1.99");

    private static void withProgram(
            Address self, ForwardingTable table, int strayRate, Consumer<LoadedRedirect> test) {
        Capability.BPF.require();
        try (LoadedRedirect redirect =
                new LoadedRedirect(Underlay.of(self), Transmit.toSender(), strayRate)) {
            redirect.install(table, true);
            test.accept(redirect);
        }
    }

    private static byte[] from(Address sender, byte[] inner) {
        return TestFrames.sluice(
                sender, CHAIN.getFirst(), Stamp.of(7), CHAIN.subList(1, CHAIN.size()), inner);
    }

    private static byte[] unknown(Address client) {
        return TestFrames.ipv4(
                6,
                client,
                TestPools.VIP,
                TestFrames.tcp(40_000, TestPools.PORT, TestFrames.ACK, 1, 2));
    }

    @Test
    void onlyAllowedHostsMaySend() {
        byte[] inner = RedirectCase.tcp(TestFrames.ACK);
        byte[] director = from(RedirectCase.DIRECTOR, inner);
        byte[] stranger = from(STRANGER, inner);
        withProgram(
                CHAIN.getFirst(),
                TABLE,
                0,
                redirect -> {
                    assertThat(redirect.run(stranger).counters())
                            .containsExactly(RedirectCounter.NEXT_HOP);

                    redirect.allow(Set.of(RedirectCase.DIRECTOR), Long.MAX_VALUE);
                    assertThat(redirect.run(director).counters())
                            .containsExactly(RedirectCounter.NEXT_HOP);
                    assertThat(redirect.run(stranger).counters())
                            .containsExactly(RedirectCounter.DROP_SOURCE);

                    redirect.allow(Set.of(STRANGER), Long.MAX_VALUE);
                    assertThat(redirect.run(director).counters())
                            .containsExactly(RedirectCounter.DROP_SOURCE);

                    // Not heard from the cluster since: who is new in it is not known.
                    redirect.allow(Set.of(STRANGER), 1);
                    assertThat(redirect.run(director).counters())
                            .containsExactly(RedirectCounter.NEXT_HOP);
                });
    }

    @Test
    void floodOfOneClientIsNotSentOnAndLeavesOthersAlone() {
        byte[] flood = from(RedirectCase.DIRECTOR, unknown(Address.parse("198.19.0.7")));
        byte[] other = from(RedirectCase.DIRECTOR, unknown(Address.parse("198.19.0.8")));
        withProgram(
                CHAIN.getFirst(),
                TABLE,
                1,
                redirect -> {
                    assertThat(redirect.run(flood).counters())
                            .containsExactly(RedirectCounter.NEXT_HOP);
                    Set<RedirectCounter> met = EnumSet.noneOf(RedirectCounter.class);
                    for (int i = 0; i < 20; i++) {
                        met.addAll(redirect.run(flood).counters());
                    }
                    assertThat(met).contains(RedirectCounter.DROP_STRAY_LIMIT);
                    assertThat(redirect.run(other).counters())
                            .containsExactly(RedirectCounter.NEXT_HOP);
                });
    }

    @Test
    void datagramThatTheLastOfAnOlderViewDoesNotKnowGoesBack() {
        Bind bind = new Bind(TestPools.VIP, 32, Protocol.UDP, 53, 53);
        ForwardingTable table =
                TestPools.table(
                        "dns",
                        DirectorVariants.spec(
                                Wire.SLUICE, EnumSet.allOf(HashField.class), List.of(bind)),
                        7,
                        "p1 p2",
                        "p3 p4");
        FlowKey flow =
                new FlowKey(Protocol.UDP, Address.parse("198.19.0.7"), 40_000, TestPools.VIP, 53);
        List<Address> chain =
                table.hopsOf(RowHash.row(table.spec(), flow)).stream().map(Proxy::address).toList();
        List<Address> rest = chain.subList(1, chain.size());
        byte[] frame =
                TestFrames.sluice(
                        RedirectCase.DIRECTOR,
                        chain.getLast(),
                        Stamp.of(7).at(rest.size()),
                        rest,
                        TestFrames.ipv4(
                                17,
                                flow.source(),
                                TestPools.VIP,
                                TestFrames.udp(40_000, 53, new byte[9])));
        RedirectModel model =
                new RedirectModel(
                        chain.getLast(),
                        Optional.empty(),
                        List.of(table),
                        f -> new Socket.None(),
                        p -> true);
        withProgram(
                chain.getLast(),
                table,
                0,
                redirect -> {
                    FrameVerdict<RedirectCounter> verdict = redirect.run(frame);
                    assertThat(verdict.counters()).containsExactly(RedirectCounter.RETURNED);
                    assertThat(verdict).isEqualTo(model.process(frame));
                });
    }
}
