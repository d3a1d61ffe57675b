package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.cluster.table.RowSet;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

class RowResetTest {
    private static final Address VIP = Address.parse("203.0.113.10");
    private static final PoolSpec WEB =
            new PoolSpec(
                    Wire.SLUICE,
                    new SipHash.Key(1, 2),
                    new SipHash.Key(3, 4),
                    Set.of(HashField.values()),
                    List.of(Bind.tcp(VIP, 80)));
    private static final FlowKey DOOMED = flow(40_000, 80);
    private static final FlowKey OTHER_ROW = flow(40_001, 80);
    private static final FlowKey OTHER_POOL = flow(40_000, 443);
    private static final RowSet ROWS =
            RowSet.of(IntStream.of(RowHash.row(WEB, DOOMED), RowHash.row(WEB, OTHER_POOL)));

    private final RecordedRedirect kernel = new RecordedRedirect();
    private final RecordedL7 l7 = new RecordedL7();

    private static FlowKey flow(int clientPort, int port) {
        return new FlowKey(Protocol.TCP, Address.parse("198.18.100.1"), clientPort, VIP, port);
    }

    @Test
    void endsTheFlowsOfThoseRowsOfThatPoolAndNoOther() throws IOException {
        kernel.sockets = List.of(DOOMED, OTHER_ROW, OTHER_POOL);
        l7.accepted = List.of(DOOMED);

        new RowReset(kernel, l7).reset("web", WEB, ROWS);

        assertThat(kernel.sockets).containsExactly(OTHER_ROW, OTHER_POOL);
        assertThat(l7.accepted).as("left to the kernel").containsExactly(DOOMED);
    }

    @Test
    void hasTheEngineEndWhatItAcceptedWhereTheKernelCannot() throws IOException {
        kernel.resets = false;
        l7.accepted = List.of(DOOMED, OTHER_ROW, OTHER_POOL);

        new RowReset(kernel, l7).reset("web", WEB, ROWS);

        assertThat(l7.accepted).containsExactly(OTHER_ROW, OTHER_POOL);
    }
}
