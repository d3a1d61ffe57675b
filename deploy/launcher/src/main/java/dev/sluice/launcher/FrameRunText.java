package dev.sluice.launcher;

import dev.sluice.cluster.pool.Address;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Results of frames for people and for programs. */
final class FrameRunText {
    private static final HexFormat HEX = HexFormat.of();

    private FrameRunText() {}

    /** A line a frame. */
    static String text(List<FrameRun> runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.size(); i++) {
            FrameRun run = runs.get(i);
            text.append(i + 1).append("  ").append(run.action());
            run.row().ifPresent(row -> text.append("  row ").append(row));
            if (!run.chain().isEmpty()) {
                text.append("  ").append(join(run.chain(), " → ", ""));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** One array of {@code {in, action, row, chain, out}}, in order. */
    static String json(List<FrameRun> runs) {
        return runs.stream().map(FrameRunText::json).collect(Collectors.joining(",\n", "[", "]\n"));
    }

    private static String json(FrameRun run) {
        String row = run.row().isPresent() ? Integer.toString(run.row().getAsInt()) : "null";
        String chain = run.chain().isEmpty() ? "null" : "[" + join(run.chain(), ",", "\"") + "]";
        String out = run.out().length == 0 ? "null" : "\"" + HEX.formatHex(run.out()) + "\"";
        return "{\"in\":\"%s\",\"action\":\"%s\",\"row\":%s,\"chain\":%s,\"out\":%s}"
                .formatted(HEX.formatHex(run.in()), run.action(), row, chain, out);
    }

    private static String join(List<Address> chain, String separator, String quote) {
        return chain.stream()
                .map(hop -> quote + hop + quote)
                .collect(Collectors.joining(separator));
    }
}
