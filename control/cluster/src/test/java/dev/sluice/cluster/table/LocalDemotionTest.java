package dev.sluice.cluster.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.PoolSpec.Wire;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class LocalDemotionTest {
    /** Row chains: two open of {0, 1}, closed {2, 3}. */
    private static final ForwardingTable TABLE =
            ChainTable.of(Pools.withEpochs(Wire.SLUICE, 4, new int[] {0, 1}, new int[] {2, 3}));

    @Test
    void putsAnUnreachableHopBehindAllOthers() {
        ForwardingTable demoted = without(Set.of(0));

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            List<Integer> hops = demoted.chain(row).hops();
            assertThat(hops.getFirst()).isEqualTo(1);
            assertThat(hops.getLast()).isEqualTo(0);
            assertThat(demoted.openCount(row)).isEqualTo(1);
            assertThat(hops.subList(1, 3)).isEqualTo(TABLE.chain(row).hops().subList(2, 4));
        }
    }

    @Test
    void neverPutsAClosedHopFirst() {
        assertSameRows(without(Set.of(0, 1)), TABLE);
    }

    @Test
    void keepsTheOrderWhenAllAreUnreachable() {
        assertSameRows(without(Set.of(0, 1, 2, 3)), TABLE);
    }

    @Test
    void keepsTheOrderWhenAllAreReachable() {
        assertSameRows(without(Set.of()), TABLE);
    }

    @Test
    void leavesNoHopOut() {
        ForwardingTable demoted = without(Set.of(1, 2));

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            assertThat(new HashSet<>(demoted.chain(row).hops()))
                    .isEqualTo(new HashSet<>(TABLE.chain(row).hops()));
        }
    }

    @Test
    void doesNotTouchTheTableItStartedFrom() {
        Chain before = TABLE.chain(5);
        without(Set.of(0));

        assertThat(TABLE.chain(5)).isEqualTo(before);
    }

    private static ForwardingTable without(Set<Integer> unreachable) {
        return LocalDemotion.apply(TABLE, proxy -> !unreachable.contains(proxy));
    }

    private static void assertSameRows(ForwardingTable actual, ForwardingTable expected) {
        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            assertThat(actual.chain(row)).isEqualTo(expected.chain(row));
        }
    }
}
