package dev.sluice.cluster.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cluster.Golden;
import dev.sluice.cluster.hash.Rendezvous.Contender;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;
import dev.sluice.cluster.pool.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class RendezvousTest {
    private static final JsonNode GLB = Golden.read("hashing.json").get("upstream_literals");
    private static final SipHash.Key SEED = Golden.key(GLB.get("seed").asString());
    private static final long[] ROW_SEEDS = Rendezvous.rowSeeds(SEED);

    @Test
    void drawsWhatGlbDraws() {
        for (Map.Entry<String, JsonNode> row : GLB.get("host_hashes").properties()) {
            for (Map.Entry<String, JsonNode> host : row.getValue().properties()) {
                long draw = column(host.getKey())[Integer.decode(row.getKey())];
                assertThat(HexFormat.of().toHexDigits(draw)).isEqualTo(host.getValue().asString());
            }
        }
    }

    @Test
    void ordersHostsAsGlbDoes() {
        List<String> hosts = List.of("1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4");
        FirstTwo ranked = rank(hosts, new int[] {1, 1, 1, 1});

        for (Map.Entry<String, JsonNode> row : GLB.get("order").properties()) {
            int at = Integer.decode(row.getKey());
            assertThat(hosts.get(ranked.first()[at])).isEqualTo(row.getValue().get(0).asString());
            assertThat(hosts.get(ranked.second()[at])).isEqualTo(row.getValue().get(1).asString());
        }
    }

    @Test
    void weightsDecideTheShareOfRows() {
        FirstTwo ranked = rank(List.of("1.1.1.1", "1.1.1.2", "1.1.1.3"), new int[] {1, 2, 5});

        assertThat(share(ranked, 0)).isCloseTo(1 / 8.0, within(0.01));
        assertThat(share(ranked, 1)).isCloseTo(2 / 8.0, within(0.01));
        assertThat(share(ranked, 2)).isCloseTo(5 / 8.0, within(0.01));
    }

    @Test
    void unequalWeightsRankLikeEqualOnesAmongHostsOfEqualWeight() {
        FirstTwo equal = rank(List.of("1.1.1.1", "1.1.1.2"), new int[] {7, 7});
        FirstTwo weighted = rank(List.of("1.1.1.1", "1.1.1.2", "1.1.1.3"), new int[] {7, 7, 1});

        for (int row = 0; row < Rendezvous.ROWS; row++) {
            if (weighted.first()[row] != 2) {
                assertThat(weighted.first()[row]).isEqualTo(equal.first()[row]);
            }
        }
    }

    @Test
    void raisingOneWeightMovesRowsToThatHostOnly() {
        List<String> hosts = List.of("1.1.1.1", "1.1.1.2", "1.1.1.3");
        FirstTwo before = rank(hosts, new int[] {2, 2, 2});
        FirstTwo after = rank(hosts, new int[] {2, 2, 3});

        for (int row = 0; row < Rendezvous.ROWS; row++) {
            assertThat(after.first()[row]).isIn(before.first()[row], 2);
        }
    }

    @Test
    void aLoneHostHasNoSecond() {
        FirstTwo ranked = rank(List.of("1.1.1.1"), new int[] {1});

        assertThat(ranked.first()).containsOnly(0);
        assertThat(ranked.second()).containsOnly(Rendezvous.NONE);
    }

    /** Weights before and after, 0: is not there. */
    @ParameterizedTest
    @CsvSource({
        "2 2 2 2 2 2, 2 2 3 2 2 2",
        "2 2 2 2 2 2, 2 2 1 2 2 2",
        "2 2 5 2 2 2, 2 2 2 2 2 2",
        "2 2 1 2 2 2, 2 2 2 2 2 2",
        "4 4 4 1 4 4, 7 4 4 9 4 2",
        "4 4 4 4 4 4, 9 0 2 4 9 4",
        "0 4 4 4 4 4, 4 9 4 4 4 0",
        "3 0 0 3 0 0, 4 1 0 4 2 0",
        "3 0 0 0 0 0, 4 0 0 0 0 0",
    })
    void whatIsKnownOfOtherContendersChangesNothing(String before, String after) {
        List<Contender> known = contenders(before);
        List<Contender> asked = contenders(after);
        FirstTwo ranked = Rendezvous.firstTwo(SEED, ROW_SEEDS, known);

        FirstTwo quick = Rendezvous.firstTwo(SEED, ROW_SEEDS, known, ranked, asked);

        FirstTwo anew = Rendezvous.firstTwo(SEED, ROW_SEEDS, asked);
        assertThat(quick.first()).isEqualTo(anew.first());
        assertThat(quick.second()).isEqualTo(anew.second());
    }

    private static List<Contender> contenders(String weights) {
        String[] each = weights.split(" ", -1);
        return IntStream.range(0, each.length)
                .filter(i -> !each[i].equals("0"))
                .mapToObj(i -> new Contender(bytes("1.1.1." + i), Integer.parseInt(each[i])))
                .toList();
    }

    private static double share(FirstTwo ranked, int contender) {
        return Arrays.stream(ranked.first()).filter(i -> i == contender).count()
                / (double) Rendezvous.ROWS;
    }

    private static FirstTwo rank(List<String> hosts, int[] weights) {
        List<Contender> contenders =
                hosts.stream()
                        .map(h -> new Contender(bytes(h), weights[hosts.indexOf(h)]))
                        .toList();
        return Rendezvous.firstTwo(SEED, ROW_SEEDS, contenders);
    }

    private static long[] column(String host) {
        return Rendezvous.column(SEED, ROW_SEEDS, bytes(host));
    }

    private static byte[] bytes(String host) {
        return Address.parse(host).bytes();
    }
}
