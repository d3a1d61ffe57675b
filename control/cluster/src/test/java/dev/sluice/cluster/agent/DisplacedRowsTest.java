package dev.sluice.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class DisplacedRowsTest {
    private static final ForwardingTable DRAINING =
            ChainTable.of(Pools.withEpochs(Wire.SLUICE, 3, new int[] {1, 2}, new int[] {0, 1, 2}));

    @Test
    void aFlowOnADrainedProxyIsDisplaced() {
        FlowKey flow = flow(40_000, Pools.VIP, 80);
        DisplacedRows displaced = DisplacedRows.of(DRAINING, "p0", List.of(flow), false);

        assertThat(displaced.flows()).isEqualTo(1);
        assertThat(displaced.rows().rows()).containsExactly(RowHash.row(DRAINING.spec(), flow));
    }

    @Test
    void aFlowWhereTheProxyIsOpenIsNot() {
        assertThat(DisplacedRows.of(DRAINING, "p1", List.of(flow(40_000, Pools.VIP, 80)), false))
                .isEqualTo(DisplacedRows.of(DRAINING, "p1", List.of(), false));
    }

    @Test
    void flowsOfOtherBindsDoNotCount() {
        List<FlowKey> others =
                List.of(
                        flow(40_000, Pools.VIP, 81),
                        flow(40_000, Address.parse("203.0.113.11"), 80));

        assertThat(DisplacedRows.of(DRAINING, "p0", others, false).rows().isEmpty()).isTrue();
    }

    @Test
    void severalFlowsOfOneRowAreOneRow() {
        List<FlowKey> flows =
                IntStream.of(1, 1).mapToObj(i -> flow(40_000, Pools.VIP, 80)).toList();
        DisplacedRows displaced = DisplacedRows.of(DRAINING, "p0", flows, false);

        assertThat(displaced.rows().size()).isEqualTo(1);
        assertThat(displaced.flows()).isEqualTo(2);
    }

    @Test
    void afterSynCookiesAllDisplacedRowsCountAsHeld() {
        assertThat(DisplacedRows.of(DRAINING, "p0", List.of(), true).rows().size())
                .isEqualTo(ForwardingTable.ROWS);
    }

    private static FlowKey flow(int clientPort, Address vip, int port) {
        return new FlowKey(Protocol.TCP, Address.parse("198.18.100.1"), clientPort, vip, port);
    }
}
