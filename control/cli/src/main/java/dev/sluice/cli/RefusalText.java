package dev.sluice.cli;

import dev.sluice.proto.admin.v1.Refusal;

/** A refusal for people: why, who holds it up, when it is sure to end, and the way out. Pure. */
final class RefusalText {
    private RefusalText() {}

    static String of(Refusal refusal) {
        StringBuilder text = new StringBuilder();
        refusal.getProblemsList().forEach(problem -> text.append(problem).append('\n'));
        text.append("refused: ").append(refusal.getReason());
        if (refusal.getRows() > 0) {
            text.append("\n  rows:     ").append(refusal.getRows());
        }
        if (refusal.getHoldersCount() > 0) {
            text.append("\n  held by:  ").append(String.join(", ", refusal.getHoldersList()));
        }
        if (refusal.getEarliestUnixMs() > 0) {
            text.append("\n  possible: at ")
                    .append(Words.time(refusal.getEarliestUnixMs()))
                    .append(" at the latest");
        }
        if (!refusal.getWayOut().isEmpty()) {
            boolean details = text.indexOf("\n  ") >= 0;
            text.append(details ? "\n  way out:  " : "; ").append(refusal.getWayOut());
        }
        return text.toString();
    }
}
