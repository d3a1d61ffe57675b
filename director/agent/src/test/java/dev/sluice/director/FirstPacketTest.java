package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a trace sends for a flow is a packet of that flow, over IPv4 and IPv6. */
class FirstPacketTest {
    private static final Address VIP = Address.parse("203.0.113.10");
    private static final Address VIP6 = Address.parse("2001:db8:f::10");
    private static final int OUTER_DESTINATION = 14 + 16;
    private static final PoolState POOL = pool();
    private static final ForwardingTable TABLE = ChainTable.of(POOL);

    @ParameterizedTest
    @CsvSource({
        "TCP, 198.19.0.7,     203.0.113.10",
        "UDP, 198.19.0.8,     203.0.113.10",
        "TCP, 2001:db8:c::7,  2001:db8:f::10",
        "UDP, 2001:db8:c::8,  2001:db8:f::10",
    })
    void goesTheWayOfItsFlow(Protocol protocol, String client, String vip) {
        FlowKey flow =
                new FlowKey(protocol, Address.parse(client), 40_000, Address.parse(vip), 443);
        List<Address> chain =
                TABLE.hopsOf(RowHash.row(POOL.spec(), flow)).stream().map(Proxy::address).toList();
        DirectorModel director =
                new DirectorModel(Address.parse("198.18.9.9"), Optional.empty(), List.of(TABLE));

        FrameVerdict<DirectorCounter> verdict = director.process(FirstPacket.of(flow));

        assertThat(verdict.counters()).containsExactly(DirectorCounter.FORWARDED);
        byte[] first =
                Arrays.copyOfRange(verdict.frame(), OUTER_DESTINATION, OUTER_DESTINATION + 4);
        assertThat(Address.of(first)).isEqualTo(chain.getFirst());
        assertThat(Trace.of(List.of(POOL), flow, sent(flow, chain)).disagreements()).isEmpty();
    }

    private static Trace.Program sent(FlowKey flow, List<Address> chain) {
        return new Trace.Program(
                DirectorCounter.FORWARDED,
                Optional.of("web"),
                Optional.of(bind(flow.destination(), flow.protocol())),
                9,
                RowHash.hash(POOL.spec(), flow),
                chain);
    }

    private static Bind bind(Address vip, Protocol protocol) {
        return new Bind(vip, vip.bytes().length * 8, protocol, 443, 443);
    }

    private static PoolState pool() {
        List<Proxy> proxies =
                IntStream.rangeClosed(1, 6)
                        .mapToObj(i ->
                                new Proxy(
                                        "p" + i,
                                        Address.parse("198.18.0." + i),
                                        Proxy.State.ACTIVE,
                                        1))
                        .toList();
        List<Epoch.Member> members =
                proxies.stream().map(p -> new Epoch.Member(p.id(), p.weight())).toList();
        PoolSpec spec =
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        EnumSet.allOf(HashField.class),
                        List.of(
                                bind(VIP, Protocol.TCP),
                                bind(VIP, Protocol.UDP),
                                bind(VIP6, Protocol.TCP),
                                bind(VIP6, Protocol.UDP)));
        return new PoolState(
                "web",
                9,
                spec,
                proxies,
                List.of(new Epoch(1, members, 1, 1, 0, 0, false)),
                Optional.empty(),
                3);
    }
}
