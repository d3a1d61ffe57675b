package dev.sluice.datapath;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a run of a program did, in the model's words. */
final class Verdicts {
    private Verdicts() {}

    static <C extends Enum<C>> FrameVerdict<C> of(
            BpfProgram.Run run, Class<C> type, Map<C, Long> before, Map<C, Long> after) {
        Set<C> counted = EnumSet.noneOf(type);
        after.forEach((counter, value) -> {
            long added = value - before.getOrDefault(counter, 0L);
            if (added == 1) {
                counted.add(counter);
            } else if (added != 0) {
                throw new AssertionError(counter + " grew by " + added);
            }
        });
        Action action =
                Arrays.stream(Action.values())
                        .filter(a -> a.number() == run.action())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("XDP action " + run.action()));
        return new FrameVerdict<>(action, run.frame(), counted);
    }
}
