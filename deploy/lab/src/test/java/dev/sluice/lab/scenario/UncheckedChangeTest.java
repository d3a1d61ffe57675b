package dev.sluice.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.zookeeper.ClusterStore;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Why the check is there: what two hops can hold when two proxies come at once. */
class UncheckedChangeTest {
    private static final int PROXIES = 6;

    @Test
    void twoProxiesThatComeAtOnceTakeAwayBothOwnersOfSomeRows() {
        PoolState four = founded(4);
        PoolState six = UncheckedChange.next(four, ids(PROXIES), 0);
        assertThat(six.live()).hasSize(2);
        assertThat(six.generation()).isEqualTo(four.generation() + 1);

        // Both new ones come first on 2 of 6 * 5 rows, as far as chance is fair.
        assertThat(rowsWithoutTheirFirstOwner(four, six)).isBetween(3900L, 4850L);
    }

    @Test
    void isForLabsOnly() {
        ClusterStore.Target production = new ClusterStore.Target("192.0.2.1:2181", "site");
        assertThatThrownBy(() -> UncheckedChange.write(production, "web", ids(1)))
                .hasMessageContaining("is no lab");
    }

    @Test
    void oneProxyThatComesTakesNoOwnerAway() {
        PoolState five = founded(5);
        assertThat(rowsWithoutTheirFirstOwner(five, UncheckedChange.next(five, ids(PROXIES), 0)))
                .isZero();
    }

    private static long rowsWithoutTheirFirstOwner(PoolState before, PoolState after) {
        ForwardingTable old = ChainTable.of(before);
        ForwardingTable now = ChainTable.of(after);
        return IntStream.range(0, ForwardingTable.ROWS)
                .filter(row -> !now.isHop(row, old.hop(row, 0)))
                .count();
    }

    private static PoolState founded(int members) {
        SipHash.Key key = new SipHash.Key(1, 2);
        PoolSpec spec =
                new PoolSpec(Wire.GLB, key, key, Set.of(HashField.SOURCE_ADDRESS), List.of());
        List<Proxy> proxies =
                IntStream.rangeClosed(1, PROXIES)
                        .mapToObj(n ->
                                new Proxy(
                                        "proxy-" + n,
                                        Address.parse("198.18.51." + n),
                                        Proxy.State.ACTIVE,
                                        1))
                        .toList();
        Epoch first =
                new Epoch(
                        1,
                        ids(members).stream().sorted().map(id -> new Epoch.Member(id, 1)).toList(),
                        1,
                        0,
                        0,
                        0,
                        false);
        return new PoolState("web", 1, spec, proxies, List.of(first), Optional.empty(), 2);
    }

    private static Set<String> ids(int count) {
        return Set.copyOf(IntStream.rangeClosed(1, count).mapToObj(n -> "proxy-" + n).toList());
    }
}
