package dev.sluice.cluster.glb;

import dev.sluice.cluster.glb.GlbBackend.State;
import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.Rendezvous.Contender;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The pairs of all 65,536 rows of a GLB table, as indexes of its backends.
 *
 * <p>The two best of equal-weight rendezvous among the backends that are not inactive, swapped if
 * the first is draining or unhealthy and the second is active; of the second's health GLB takes no
 * notice. A lone backend is its own second: there GLB reads memory that it never wrote.
 */
public final class GlbRows {
    private final int[] primary;
    private final int[] secondary;

    private GlbRows(int[] primary, int[] secondary) {
        this.primary = primary;
        this.secondary = secondary;
    }

    public static GlbRows of(GlbTable table) {
        List<GlbBackend> backends = table.backends();
        int[] ranked =
                IntStream.range(0, backends.size())
                        .filter(i -> backends.get(i).state() != State.INACTIVE)
                        .toArray();
        List<Contender> contenders =
                IntStream.of(ranked)
                        .mapToObj(i -> new Contender(backends.get(i).address().bytes(), 1))
                        .toList();
        Rendezvous.FirstTwo best =
                Rendezvous.firstTwo(table.seed(), Rendezvous.rowSeeds(table.seed()), contenders);
        GlbRows rows = new GlbRows(new int[Rendezvous.ROWS], new int[Rendezvous.ROWS]);
        for (int row = 0; row < Rendezvous.ROWS; row++) {
            int first = ranked[best.first()[row]];
            int second = best.second()[row] == Rendezvous.NONE ? first : ranked[best.second()[row]];
            rows.put(row, first, second, backends);
        }
        return rows;
    }

    private void put(int row, int first, int second, List<GlbBackend> backends) {
        boolean swapped =
                backends.get(first).isBad() && backends.get(second).state() == State.ACTIVE;
        primary[row] = swapped ? second : first;
        secondary[row] = swapped ? first : second;
    }

    public int primary(int row) {
        return primary[row];
    }

    public int secondary(int row) {
        return secondary[row];
    }
}
