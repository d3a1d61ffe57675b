package dev.sluice.cluster.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.Golden;
import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class ChainTableTest {
    @ParameterizedTest
    @ValueSource(strings = {"h16_active", "h2_active", "h16_drain3"})
    void agreesWithGlbsTablesOnEveryRow(String name) throws Exception {
        ForwardingTable table = ChainTable.of(Golden.pool(name));
        ByteBuffer entries =
                ByteBuffer.allocate(ForwardingTable.ROWS * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            entries.putInt(table.hop(row, 0)).putInt(table.hop(row, 1));
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(entries.array());

        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo(
                        Golden.read("tables/" + name + ".golden.json")
                                .get("tables")
                                .get(0)
                                .get("entries_sha256")
                                .asString());
    }

    @Test
    void chainIsOpenThenOlderThenPendingWithoutDuplicates() {
        PoolState state =
                Pools.withPending(
                        Pools.withEpochs(Wire.SLUICE, 4, new int[] {0, 1}, new int[] {2, 0}), 3, 1);
        ForwardingTable table = ChainTable.of(state);

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            Chain chain = table.chain(row);
            assertThat(chain.open()).isEqualTo(2);
            assertThat(chain.hops().subList(0, 2)).containsExactlyInAnyOrder(0, 1);
            assertThat(chain.hops().subList(2, 4)).containsExactly(2, 3);
        }
    }

    @Test
    void drainKeepsTheDrainedProxyAsClosedHopWhereItWasAnOwner() {
        ForwardingTable before = ChainTable.of(Pools.active(4));
        ForwardingTable after =
                ChainTable.of(
                        Pools.withEpochs(
                                Wire.SLUICE, 4, new int[] {1, 2, 3}, new int[] {0, 1, 2, 3}));

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            assertThat(after.isOpen(row, 0)).isFalse();
            assertThat(after.isHop(row, 0)).isEqualTo(before.isHop(row, 0));
            assertThat(new HashSet<>(after.chain(row).hops()))
                    .containsAll(before.chain(row).hops());
        }
    }

    @Test
    void anEpochWithOneMemberHasOneOpenHop() {
        ForwardingTable table = ChainTable.of(Pools.active(1));

        assertThat(table.chain(17)).isEqualTo(new Chain(List.of(0), 1));
    }

    @Test
    void refusesAChainThatWouldNeedMoreThanFourHops() {
        PoolState state =
                Pools.withEpochs(
                        Wire.SLUICE, 6, new int[] {0, 1}, new int[] {2, 3}, new int[] {4, 5});

        assertThat(new ChainTable().overfullRows(state).size()).isEqualTo(ForwardingTable.ROWS);
        assertThatThrownBy(() -> ChainTable.of(state))
                .hasMessageContaining("65536 rows need more than 4 hops");
    }

    @Test
    void reusingABuilderGivesTheSameTableAsAFreshOne() {
        ChainTable tables = new ChainTable();
        tables.build(Pools.active(5));
        PoolState next = Pools.withEpochs(Wire.SLUICE, 4, new int[] {1, 3}, new int[] {0, 2});

        ForwardingTable reused = tables.build(next);
        ForwardingTable fresh = ChainTable.of(next);

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            assertThat(reused.chain(row)).isEqualTo(fresh.chain(row));
        }
    }

    /** Rankings are made from one another; the way must not show. */
    @Test
    void anyViewIsRankedAsFromNothing() {
        Random random = new Random(7);
        PoolState pool = withRows(Pools.active(24), 256);
        List<Epoch.Member> view = new ArrayList<>(pool.newest().members());
        ChainTable kept = new ChainTable();
        for (int step = 0; step < 200; step++) {
            Epoch.Member one =
                    new Epoch.Member(Pools.id(random.nextInt(24)), 1 + random.nextInt(3) * 50);
            view.removeIf(m -> m.proxy().equals(one.proxy()));
            if (view.isEmpty() || random.nextInt(3) > 0) {
                view.add(one);
            }
            Epoch epoch = new Epoch(9, view, 1, 1, 0, 0, false);
            PoolState next = pool.withEpochs(List.of(epoch), Optional.empty());
            ForwardingTable warm = kept.build(next);
            ForwardingTable fresh = ChainTable.of(next);
            for (int row = 0; row < 256; row++) {
                assertThat(warm.chain(row)).isEqualTo(fresh.chain(row));
            }
        }
    }

    @Test
    void smallerTableHasTheFirstRowsOfTheWhole() {
        PoolState whole = Pools.withEpochs(Wire.SLUICE, 4, new int[] {1, 2, 3}, new int[] {0, 1});
        ForwardingTable small = ChainTable.of(withRows(whole, 16));
        ForwardingTable table = ChainTable.of(whole);

        assertThat(small.rows()).isEqualTo(16);
        for (int row = 0; row < small.rows(); row++) {
            assertThat(small.chain(row)).isEqualTo(table.chain(row));
        }
    }

    @Test
    void tiledTableGivesEveryFlowTheChainThatTheSmallOneGivesIt() {
        ForwardingTable small = ChainTable.of(withRows(Pools.active(5), 16));
        ForwardingTable tiled = small.tiled();

        assertThat(tiled.rows()).isEqualTo(ForwardingTable.ROWS);
        for (int port = 1; port < 2000; port++) {
            FlowKey flow =
                    new FlowKey(Protocol.TCP, Address.parse("198.18.9.9"), port, Pools.VIP, 80);
            assertThat(tiled.chain(RowHash.row(tiled.spec(), flow)))
                    .isEqualTo(small.chain(RowHash.row(small.spec(), flow)));
        }
    }

    private static PoolState withRows(PoolState state, int rows) {
        return new PoolState(
                state.name(),
                state.generation(),
                state.spec().withRows(rows),
                state.proxies(),
                state.live(),
                state.pending(),
                state.nextEpochId());
    }
}
