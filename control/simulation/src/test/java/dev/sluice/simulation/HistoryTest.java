package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.simulation.History.Forwarded;
import dev.sluice.simulation.History.Judged;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a replay on real programs relies on. */
class HistoryTest {
    private final History history = Simulation.history(3, 5_000);

    @Test
    void everyHopCanBeDecidedAgainFromWhatItCarries() {
        assertThat(history.hops()).hasSize(5_000);
        for (History.Hop hop : history.hops()) {
            switch (hop) {
                case Forwarded sent -> {
                    List<Address> chain = chain(hop.table(), hop);
                    assertThat(sent.target()).isEqualTo(chain.getFirst());
                    assertThat(sent.hops()).isEqualTo(chain.subList(1, chain.size()));
                    assertThat(sent.stamp()).isEqualTo(hop.table().generation());
                }
                case Judged judged -> {
                    assertThat(judged.host().chain()).isEqualTo(chain(hop.table(), hop));
                    assertThat(RedirectRule.judge(judged.host(), judged.packet()))
                            .isEqualTo(judged.verdict());
                }
            }
        }
    }

    @Test
    void tablesOfAllRowsGiveTheSameChains() {
        History.Hop hop = history.hops().getLast();

        assertThat(chain(hop.table().tiled(), hop)).isEqualTo(chain(hop.table(), hop));
    }

    private static List<Address> chain(ForwardingTable table, History.Hop hop) {
        int row = RowHash.row(table.spec(), hop.inner().flow());
        return table.hopsOf(row).stream().map(p -> p.address()).toList();
    }
}
