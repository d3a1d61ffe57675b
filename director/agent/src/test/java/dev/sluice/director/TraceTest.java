package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorCounter;
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
import dev.sluice.cluster.table.FlowChain;
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
        Trace trace = Trace.of(List.of(POOL), FLOW, sent(chain()));

        assertThat(trace.agrees()).isTrue();
        assertThat(trace.program().row()).isEqualTo(RowHash.row(POOL.spec(), FLOW));
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

        Trace trace = Trace.of(List.of(POOL), FLOW, sent(sent));

        assertThat(trace.agrees()).isTrue();
        assertThat(trace.hops().getLast().why())
                .isEqualTo("first of epoch 2; demoted: out of this one's reach");
        assertThat(trace.hops().getLast().open()).isFalse();
        assertThat(trace.hops().getFirst().why()).isEqualTo("second of epoch 2");
    }

    @Test
    void aChainThatNoStateMakesIsADisagreement() {
        List<Address> closedFirst = Stream.of(2, 0, 1, 3).map(i -> chain().get(i)).toList();

        assertThat(Trace.of(List.of(POOL), FLOW, sent(closedFirst)).agrees()).isFalse();
        assertThat(Trace.of(List.of(POOL), FLOW, sent(chain().subList(0, 2))).agrees()).isFalse();
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
        Trace trace = Trace.of(List.of(POOL), FLOW, sent(chain()));
        TraceText text = new TraceText("director-1", FLOW, trace);

        assertThat(text.text())
                .startsWith("director-1: 198.19.0.7:40000 → 203.0.113.10:443/tcp: forwarded\n")
                .contains("bind 203.0.113.10:443/tcp   pool web   generation 9   hash ")
                .contains("   open   first of epoch 2\n")
                .contains("   closed   second of epoch 1, which settles\n");
        assertThat(text.json())
                .contains("\"agrees\":true,\"disagreements\":[],\"chain\":[{\"proxy\":\"p");
    }

    @Test
    void explainsTheHopsOfTheOtherHashFieldsWhileTheyAreChanged() {
        PoolSpec spec = POOL.spec().migratingTo(EnumSet.of(HashField.SOURCE_ADDRESS));
        PoolState pool =
                new PoolState(
                        POOL.name(),
                        POOL.generation(),
                        spec,
                        POOL.proxies(),
                        List.of(epoch(1, "p0", "p1", "p2", "p3")),
                        Optional.empty(),
                        3);
        FlowChain chain = FlowChain.of(ChainTable.of(pool), FLOW);
        assertThat(chain.hops()).hasSizeGreaterThan(2);

        Trace trace =
                Trace.of(
                        List.of(pool),
                        FLOW,
                        new Trace.Program(
                                DirectorCounter.FORWARDED,
                                Optional.of("web"),
                                Optional.of(Bind.tcp(VIP, 443)),
                                9,
                                chain.hash(),
                                chain.hops().stream().map(Proxy::address).toList()));

        assertThat(trace.disagreements()).isEmpty();
        assertThat(trace.hops()).hasSameSizeAs(chain.hops());
        assertThat(trace.hops().getLast().why()).contains("by the other hash fields: ");
    }

    @Test
    void aFlowOfNoPoolIsLeftToTheKernelByBoth() {
        Trace trace = Trace.of(List.of(), FLOW, passed());

        assertThat(trace.agrees()).isTrue();
        assertThat(trace.hops()).isEmpty();
        assertThat(new TraceText("d", FLOW, trace).text()).contains("443/tcp: pass_no_bind\n");
    }

    @Test
    void saysLoudlyWhereProgramAndModelDisagree() {
        Trace missed = Trace.of(List.of(POOL), FLOW, passed());
        Trace.Program sent = sent(chain());
        Trace other =
                Trace.of(
                        List.of(POOL),
                        FLOW,
                        new Trace.Program(
                                sent.verdict(),
                                sent.pool(),
                                Optional.of(Bind.tcp(VIP, 80)),
                                8,
                                sent.hash() ^ 1L << 40,
                                sent.chain()));

        assertThat(missed.disagreements())
                .containsExactly(
                        "pool: the program has none, the model web",
                        "bind: the program has none, the model 203.0.113.10:443/tcp");
        assertThat(other.disagreements())
                .hasSize(3)
                .anyMatch(d -> d.startsWith("bind: the program has 203.0.113.10:80/tcp,"))
                .contains("generation: the program has 8, the model 9")
                .anyMatch(d -> d.startsWith("hash: "));
        assertThat(new TraceText("d", FLOW, other).text())
                .contains("MISMATCH, report this: generation: the program has 8");
        assertThat(new TraceText("d", FLOW, other).json()).contains("\"agrees\":false");
    }

    private static Trace.Program sent(List<Address> chain) {
        return new Trace.Program(
                DirectorCounter.FORWARDED,
                Optional.of("web"),
                Optional.of(Bind.tcp(VIP, 443)),
                9,
                RowHash.hash(POOL.spec(), FLOW),
                chain);
    }

    private static Trace.Program passed() {
        return new Trace.Program(
                DirectorCounter.PASS_NO_BIND, Optional.empty(), Optional.empty(), 0, 0, List.of());
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
