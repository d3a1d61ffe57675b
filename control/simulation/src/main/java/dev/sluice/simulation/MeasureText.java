package dev.sluice.simulation;

import dev.sluice.simulation.Measures.CutFlows;
import dev.sluice.simulation.Measures.DrainTime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** The figures of {@link Measures}, for people and for programs. */
public final class MeasureText {
    private static final int[] DIRECTORS = {2, 20, 200};
    private static final int DRAINS = 15;
    private static final double NANOS_IN_SECOND = 1e9;

    private MeasureText() {}

    /**
     * Measures; takes about a minute for a hundred seeds.
     *
     * @param first of the seeds whose scenarios are compared
     * @param last of them; so many drains are measured too, but no more than needed
     */
    public static List<String> lines(long first, long last, boolean json) {
        long count = Math.min(DRAINS, last - first + 1);
        List<String> lines = new ArrayList<>();
        if (!json) {
            lines.add("A drain, from the command on; " + Measures.LATENCIES + ":");
        }
        for (int directors : DIRECTORS) {
            List<DrainTime> drains =
                    LongStream.rangeClosed(1, count)
                            .mapToObj(seed -> Measures.drain(directors, seed))
                            .toList();
            lines.add(drain(directors, drains, json));
        }
        lines.add(cuts(Measures.cuts(first, last), json));
        return lines;
    }

    private static String drain(int directors, List<DrainTime> drains, boolean json) {
        double[] acknowledged = sorted(drains.stream().map(DrainTime::acknowledgedNanos).toList());
        double[] settled = sorted(drains.stream().map(DrainTime::settledNanos).toList());
        String form =
                json
                        ? "{\"directors\":%d,\"drains\":%d,\"acknowledged_s\":{\"median\":%.3f,"
                                + "\"max\":%.3f},\"settled_s\":{\"median\":%.3f,\"max\":%.3f}}"
                        : "  %3d directors, %d drains: last acknowledgement %.3f s (at most %.3f),"
                                + " settled %.3f s (at most %.3f)";
        return String.format(
                Locale.ROOT,
                form,
                directors,
                drains.size(),
                acknowledged[acknowledged.length / 2],
                acknowledged[acknowledged.length - 1],
                settled[settled.length / 2],
                settled[settled.length - 1]);
    }

    private static double[] sorted(List<Long> nanos) {
        return nanos.stream().mapToDouble(n -> n / NANOS_IN_SECOND).sorted().toArray();
    }

    private static String cuts(CutFlows cuts, boolean json) {
        String form =
                json
                        ? "{\"first\":%d,\"last\":%d,\"sluice\":{\"changes\":%d,\"flows\":%d,\"cut\":%d},"
                                + "\"glb_unchecked\":{\"changes\":%d,\"flows\":%d,\"cut\":%d}}"
                        : "Flows cut, seeds %d..%d:%n  Sluice: %d changes, %d flows, %d cut%n"
                                + "  GLB as operated, unchecked: %d changes, %d flows, %d cut";
        return String.format(
                Locale.ROOT,
                form,
                cuts.first(),
                cuts.last(),
                cuts.changes(),
                cuts.flows(),
                cuts.sluice(),
                cuts.glbChanges(),
                cuts.glbFlows(),
                cuts.glb());
    }
}
