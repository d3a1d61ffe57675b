package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainReasons.Reason;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.RowHash;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class TraceTest {
    private static final Address VIP = Address.parse("203.0.113.10");
    private static final FlowKey FLOW =
            new FlowKey(Protocol.TCP, Address.parse("198.19.0.7"), 40_000, VIP, 443);

    /** Epoch 2 has p0 and p1, epoch 1, which settles, has p2 and p3. */
    private static final PoolState POOL =
            new PoolState(
                    "web",
                    9,
                    spec(Bind.tcp(VIP, 443)),
                    IntStream.range(0, 4).mapToObj(TraceTest::proxy).toList(),
                    List.of(epoch(2, "p0", "p1"), epoch(1, "p2", "p3")),
                    Optional.empty(),
                    3);

    @Test
    void givesTheReasonOfEveryHop() {
        Trace trace = Trace.of(POOL, FLOW, chain());

        assertThat(trace.agrees()).isTrue();
        assertThat(trace.row()).isEqualTo((int) trace.hash() & 0xffff);
        assertThat(trace.hops())
                .extracting(Reason::why)
                .containsExactly(
                        "first of epoch 2",
                        "second of epoch 2",
                        "first of epoch 1, which settles",
                        "second of epoch 1, which settles");
        assertThat(trace.hops()).extracting(Reason::open).containsExactly(true, true, false, false);
    }

    @Test
    void findsTheHopThatIsOutOfReach() {
        List<Address> sent = Stream.of(1, 2, 3, 0).map(i -> chain().get(i)).toList();

        Trace trace = Trace.of(POOL, FLOW, sent);

        assertThat(trace.agrees()).isTrue();
        assertThat(trace.hops().getLast().why())
                .isEqualTo("first of epoch 2; demoted: out of this one's reach");
        assertThat(trace.hops().getLast().open()).isFalse();
        assertThat(trace.hops().getFirst().why()).isEqualTo("second of epoch 2");
    }

    @Test
    void aChainThatNoStateMakesIsADisagreement() {
        List<Address> closedFirst = Stream.of(2, 0, 1, 3).map(i -> chain().get(i)).toList();

        assertThat(Trace.of(POOL, FLOW, closedFirst).agrees()).isFalse();
        assertThat(Trace.of(POOL, FLOW, chain().subList(0, 2)).agrees()).isFalse();
    }

    @Test
    void theMostSpecificBindDecides() {
        PoolState wide =
                new PoolState(
                        "wide",
                        1,
                        spec(new Bind(VIP, 32, Protocol.TCP, 1, 65_535)),
                        POOL.proxies(),
                        POOL.live(),
                        Optional.empty(),
                        3);

        assertThat(Trace.pool(List.of(wide, POOL), FLOW)).contains(POOL);
        assertThat(Trace.pool(List.of(POOL), new FlowKey(Protocol.UDP, VIP, 1, VIP, 443)))
                .isEmpty();
    }

    @Test
    void printsOneLineAHop() {
        Trace trace = Trace.of(POOL, FLOW, chain());
        TraceText text = new TraceText("director-1", FLOW, Optional.of(trace));

        assertThat(text.text())
                .startsWith("director-1: 198.19.0.7:40000 → 203.0.113.10:443/tcp\n")
                .contains("bind 203.0.113.10:443/tcp   pool web   generation 9")
                .contains("   open   first of epoch 2\n")
                .contains("   closed   second of epoch 1, which settles\n");
        assertThat(text.json()).contains("\"agrees\":true,\"chain\":[{\"proxy\":\"p");
        assertThat(new TraceText("d", FLOW, Optional.empty()).text())
                .contains("no bind matches 198.19.0.7:40000");
    }

    private static List<Address> chain() {
        return ChainTable.of(POOL).hopsOf(RowHash.row(POOL.spec(), FLOW)).stream()
                .map(Proxy::address)
                .toList();
    }

    private static PoolSpec spec(Bind bind) {
        return new PoolSpec(
                Wire.SLUICE,
                new SipHash.Key(1, 2),
                new SipHash.Key(3, 4),
                EnumSet.allOf(HashField.class),
                List.of(bind));
    }

    private static Proxy proxy(int number) {
        return new Proxy(
                "p" + number, Address.parse("198.18.0." + (number + 1)), Proxy.State.ACTIVE, 1);
    }

    private static Epoch epoch(long id, String... proxies) {
        List<Epoch.Member> members =
                Stream.of(proxies).map(proxy -> new Epoch.Member(proxy, 1)).toList();
        return new Epoch(id, members, id, id, 0, 0, false);
    }
}
