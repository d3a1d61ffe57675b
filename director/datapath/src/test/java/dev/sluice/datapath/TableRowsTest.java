package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.table.ForwardingTable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.util.stream.IntStream;

class TableRowsTest {
    @ParameterizedTest
    @CsvSource({"6, 1", "16, 1", "17, 2", "256, 2", "257, 0"})
    void aRowOfTwoHopsIsAsNarrowAsItsPoolAllows(int proxies, int bytes) {
        ForwardingTable table = TestPools.table(1, TestPools.first(proxies));
        assertThat(TableRows.narrow(table)).isEqualTo(bytes);
        assertReadsAsWritten(table);
    }

    @ParameterizedTest
    @CsvSource({"12, 16, 1", "192, 256, 2", "8, 16, 0", "128, 256, 0", "193, 257, 0"})
    void rowsOfATransitionAreWideAndTheOthersStayNarrowWhileTheyAreMost(
            int open, int proxies, int bytes) {
        ForwardingTable table = TestPools.table(2, TestPools.first(open), TestPools.first(proxies));
        assertThat(TableRows.narrow(table)).isEqualTo(bytes);
        assertReadsAsWritten(table);
    }

    @Test
    void aPoolOfOneOrNoProxyHasNoNarrowRows() {
        assertThat(TableRows.narrow(TestPools.table(1, "p3"))).isZero();
        assertThat(TableRows.narrow(TestPools.table(1, ""))).isZero();
        assertReadsAsWritten(TestPools.table(1, "p3"));
    }

    private static void assertReadsAsWritten(ForwardingTable table) {
        try (Arena arena = Arena.ofConfined()) {
            int narrow = TableRows.narrow(table);
            TableRows rows = new TableRows(arena.allocate(TableRows.LENGTH, 8), narrow);
            rows.write(table);
            for (int row = 0; row < ForwardingTable.ROWS; row++) {
                int at = row;
                int[] hops =
                        IntStream.range(0, table.hopCount(row))
                                .map(i -> table.hop(at, i))
                                .toArray();
                assertThat(rows.hops(row)).as("row %d", row).isEqualTo(hops);
            }
        }
    }
}
