package dev.sluice.simulation;

import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.transition.Change;
import dev.sluice.simulation.Incident.Kind;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Somebody who types commands: what, by the incident; of whom, by what there is to choose. */
final class Operator {
    private static final int WEIGHT = 100;

    /** One command of so many may wait its turn. */
    private static final int QUEUED_OF = 3;

    private static final Set<Kind> FORCED =
            EnumSet.of(Kind.FORCE_DRAIN, Kind.FORCE_FILL, Kind.FORCE_REPLACE, Kind.FORCE_SETTLE);

    private final World world;

    Operator(World world) {
        this.world = world;
    }

    void command(Incident incident, Controller asked) {
        PoolState state = world.pool();
        boolean queue = incident.choice() % QUEUED_OF == 0;
        change(state, incident, asked)
                .ifPresent(change -> {
                    if (FORCED.contains(incident.kind())) {
                        asked.force(change);
                    } else {
                        asked.command(change, queue);
                    }
                });
    }

    private Optional<Change> change(PoolState state, Incident incident, Controller asked) {
        int choice = incident.choice();
        List<String> in = state.newest().members().stream().map(Member::proxy).toList();
        List<String> out =
                state.proxies().stream().map(Proxy::id).filter(id -> !in.contains(id)).toList();
        return switch (incident.kind()) {
            case DRAIN, FORCE_DRAIN -> Optional.of(new Change.Drain(List.of(pick(in, choice)), 0));
            case DRAIN_WITH_DEADLINE ->
                    Optional.of(
                            new Change.Drain(
                                    List.of(pick(in, choice)),
                                    asked.deadlineUnixMs(incident.forNanos())));
            case DRAIN_TWO -> Optional.of(drainTwo(in, choice));
            case FILL, FORCE_FILL -> any(out, choice).map(id -> new Change.Fill(List.of(id)));
            case FILL_ALL -> out.isEmpty() ? Optional.empty() : Optional.of(new Change.Fill(out));
            case WEIGH -> Optional.of(weigh(in, incident));
            case REPLACE, FORCE_REPLACE ->
                    any(out, choice)
                            .map(comes -> new Change.Replace(pick(in, choice / 4), comes, 0));
            case ADD -> spare(state, choice).map(Operator::add);
            case REMOVE -> any(out, choice).map(Change.Remove::new);
            case CONFIRM_OFF -> off(state, choice).map(Change.ConfirmOff::new);
            case FORCE_SETTLE -> oldest(state).map(Change.Settle::new);
            case ABORT -> Optional.of(new Change.Abort());
            default -> throw new IllegalArgumentException(incident + " is no command");
        };
    }

    private static Optional<Long> oldest(PoolState state) {
        return state.settling().isEmpty()
                ? Optional.empty()
                : Optional.of(state.settling().getLast().id());
    }

    private static String pick(List<String> ids, int choice) {
        return ids.get(choice % ids.size());
    }

    private static Optional<String> any(List<String> ids, int choice) {
        return ids.isEmpty() ? Optional.empty() : Optional.of(pick(ids, choice));
    }

    private static Change drainTwo(List<String> in, int choice) {
        String first = pick(in, choice);
        String second = pick(in, choice + 1);
        return new Change.Drain(first.equals(second) ? List.of(first) : List.of(first, second), 0);
    }

    private static Change weigh(List<String> in, Incident incident) {
        SortedMap<String, Integer> weights = new TreeMap<>();
        weights.put(pick(in, incident.choice()), WEIGHT * (1 + incident.choice() % 5));
        weights.put(pick(in, incident.choice() / 3), WEIGHT / (1 + incident.choice() % 3));
        return new Change.Weigh(weights, 0);
    }

    /** A machine that the pool does not know. */
    private Optional<ProxyHost> spare(PoolState state, int choice) {
        List<ProxyHost> spare =
                world.proxies().stream().filter(p -> state.proxy(p.id()).isEmpty()).toList();
        return spare.isEmpty() ? Optional.empty() : Optional.of(spare.get(choice % spare.size()));
    }

    private static Change add(ProxyHost host) {
        return new Change.Add(host.id(), host.address(), WEIGHT);
    }

    /** One whose power is off: an operator does not lie. */
    private Optional<String> off(PoolState state, int choice) {
        List<String> off =
                world.proxies().stream()
                        .filter(p -> !p.isUp() && state.proxy(p.id()).isPresent())
                        .map(ProxyHost::id)
                        .toList();
        return any(off, choice);
    }
}
