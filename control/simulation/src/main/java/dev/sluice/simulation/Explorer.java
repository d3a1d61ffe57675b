package dev.sluice.simulation;

import dev.sluice.simulation.SmallStates.State;
import dev.sluice.simulation.SmallWorld.Move;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All states of a {@link SmallWorld}, breadth first, so that a broken promise has a shortest way.
 */
final class Explorer {
    private final SmallWorld world;
    private final Map<State, Integer> numbers = new HashMap<>();
    private final List<State> states = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private long moves;
    private long ends;

    /**
     * @param states different ones
     * @param moves from one to another
     * @param ends states in which nothing more can happen
     * @param whole every state there is was looked at
     * @param broken the way to a broken promise, if there is one
     */
    record Explored(
            long states, long moves, long ends, boolean whole, Optional<List<String>> broken) {}

    Explorer(SmallWorld world) {
        this.world = world;
    }

    /**
     * @param most states that are looked at
     */
    Explored explore(int most) {
        find(world.start(), -1);
        while (!open.isEmpty()) {
            if (states.size() > most) {
                return explored(false, Optional.empty());
            }
            Optional<List<String>> broken = visit(open.remove());
            if (broken.isPresent()) {
                return explored(false, broken);
            }
        }
        return explored(true, Optional.empty());
    }

    private Explored explored(boolean whole, Optional<List<String>> broken) {
        return new Explored(states.size(), moves, ends, whole, broken);
    }

    private Optional<List<String>> visit(int number) {
        State state = states.get(number);
        List<Move> next = world.moves(state);
        for (Move move : next) {
            moves++;
            if (move.broken().isPresent()) {
                return Optional.of(way(number, move.name() + ": " + move.broken().get()));
            }
            find(move.next(), number);
        }
        if (next.isEmpty()) {
            ends++;
            if (!world.isSettled(state)) {
                return Optional.of(way(number, "a change does not end: " + world.pool(state)));
            }
        }
        return Optional.empty();
    }

    private void find(State state, int parent) {
        if (numbers.putIfAbsent(state, states.size()) == null) {
            open.add(states.size());
            states.add(state);
            parents.add(parent);
        }
    }

    /** The names of the moves that lead there. */
    private List<String> way(int number, String last) {
        List<String> way = new ArrayList<>();
        way.add(last);
        int at = number;
        while (parents.get(at) >= 0) {
            int from = parents.get(at);
            State to = states.get(at);
            way.add(
                    world.moves(states.get(from)).stream()
                            .filter(m -> m.broken().isEmpty() && m.next().equals(to))
                            .map(Move::name)
                            .findFirst()
                            .orElse("?"));
            at = from;
        }
        Collections.reverse(way);
        return way;
    }
}
