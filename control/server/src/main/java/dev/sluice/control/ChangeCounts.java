package dev.sluice.control;

import dev.sluice.cluster.transition.Decision;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What became of the changes that operators asked this process for. Thread-safe. */
final class ChangeCounts {
    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

    /** A word for each outcome, in one pool. */
    enum Kind {
        BEGUN,
        QUEUED,
        /** Waiting would have helped, and was not asked for. */
        REFUSED_NOT_NOW,
        /** It makes no sense. */
        REFUSED_WRONG,
        /** Another pool of the same command refused. */
        WITHHELD
    }

    ChangeCounts() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void add(Collection<Outcome> outcomes) {
        outcomes.forEach(outcome -> Objects.requireNonNull(counts.get(kind(outcome))).increment());
    }

    private static Kind kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Begun _ -> Kind.BEGUN;
            case Outcome.Queued _ -> Kind.QUEUED;
            case Outcome.Refused(Decision.Refused refusal) ->
                    switch (refusal.kind()) {
                        case NOT_NOW -> Kind.REFUSED_NOT_NOW;
                        case WRONG -> Kind.REFUSED_WRONG;
                    };
            case Outcome.Withheld _ -> Kind.WITHHELD;
        };
    }

    /** Every kind is there. */
    Map<Kind, Long> read() {
        Map<Kind, Long> all = new EnumMap<>(Kind.class);
        counts.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }
}
