package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.simulation.Incident.Kind;
import dev.sluice.simulation.Scenario.Profile;
import dev.sluice.simulation.Scenario.Traffic;
import dev.sluice.simulation.Scenario.Weather;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scenarios that are made for one guard each, since those of general trouble meet its moment too
 * rarely: seeds from one million on, a million each. What happens is fixed, but for who is met.
 */
final class Directed {
    private static final long EACH = 1_000_000;
    private static final long CHAOS = Nanos.seconds(80);
    private static final long SHUFFLE = Nanos.millis(500);

    private static final double LOSS = 0.1;
    private static final double SLOW_SYN_ACKS = 0.5;

    /** Of the lagging members, proxy-1 and proxy-2: nine seconds each. */
    private static final int LAGGING_FIRST = 5;

    private static final int LAGGING_SECOND = 11;

    /** director-1, nine seconds too. */
    private static final int LAGGING_DIRECTOR = 8;

    private enum Aim {
        /** C9: a director without session, in front of hops that are as old. */
        ESTRANGED,
        /** C9b: the same, and the hops have no session either. */
        STRANDED,
        /** C2: drains while little else is on the host than what waits to be accepted. */
        ACCEPT_QUEUE,
        /** C16 and rule 23: a director sleeps through a whole drain. */
        SLEEPER,
        /** C7: a director reaches pending hops only, and those do not know it yet. */
        EXILED,
        /** C10: a director returns with an old disk. */
        RETURNED,
        /** C13: the deadline of a host that does not hear of it. */
        OVERDUE,
        /** C16: a director sleeps through a whole drain, then every port is used again. */
        SLEPT,
        /** Rule 18: a director sleeps in front of a view of one. */
        SOLO,
        /** Rule 11: a drained host takes flows with the disk of its first day. */
        PUT_BACK,
        /** C5: a director and its hops know neither of two changes. */
        BEHIND,
        /** Rule 16: ports are used again while a drained host still has their last sockets. */
        UNHEARD,
        /** C2: drains while little else is on the host than handshakes. */
        DAWDLE
    }

    private Directed() {}

    static boolean is(long seed) {
        return seed >= EACH && seed < EACH * (Aim.values().length + 1);
    }

    static Scenario of(long seed, Wire wire) {
        Aim aim = Aim.values()[(int) (seed / EACH) - 1];
        List<Incident> incidents = new ArrayList<>(incidents(aim));
        for (long at = Nanos.seconds(4); at < CHAOS; at += SHUFFLE) {
            int choice = Dice.of(seed + at, "shuffle").below(1 << 16);
            incidents.add(new Incident(0, Kind.RESHUFFLE, at, 0, choice));
        }
        return new Scenario(
                Profile.MIXED,
                wire,
                2,
                4,
                members(aim),
                1,
                16,
                CHAOS,
                traffic(aim),
                weather(aim),
                Scenario.numbered(incidents));
    }

    private static int members(Aim aim) {
        return switch (aim) {
            case ACCEPT_QUEUE, DAWDLE, PUT_BACK -> 4;
            case SOLO -> 1;
            default -> 2;
        };
    }

    private static Weather weather(Aim aim) {
        return new Weather(
                aim == Aim.UNHEARD ? LOSS : 0, 0, 0, 0, aim == Aim.DAWDLE ? SLOW_SYN_ACKS : 0, 0);
    }

    private static Traffic traffic(Aim aim) {
        return switch (aim) {
            case ACCEPT_QUEUE -> new Traffic(Nanos.millis(900), 0, Nanos.seconds(6), 0, 0);
            case DAWDLE -> new Traffic(Nanos.millis(400), 0, Nanos.SECOND, 0, 0);
            case SLEEPER -> new Traffic(Nanos.millis(250), 0.9, Nanos.seconds(3), 0, 0);
            case PUT_BACK -> new Traffic(Nanos.millis(20), 0, Nanos.seconds(6), 0, 0);
            case SLEPT, UNHEARD -> new Traffic(Nanos.millis(100), 0, Nanos.seconds(3), 0, 0);
            default -> new Traffic(Nanos.millis(60), 0.1, Nanos.seconds(6), 0.3, 0.05);
        };
    }

    private static List<Incident> incidents(Aim aim) {
        return switch (aim) {
            case ESTRANGED -> List.of(at(5, Kind.ESTRANGED, 60, 0), at(16, Kind.FILL_ALL, 0, 1));
            case STRANDED -> List.of(at(6, Kind.STRANDED, 60, 0), at(7, Kind.FILL_ALL, 0, 1));
            case ACCEPT_QUEUE, DAWDLE -> drains(8);
            case SLEEPER -> {
                List<Incident> incidents = new ArrayList<>(drains(30));
                incidents.add(at(7, Kind.PAUSE_DIRECTOR, 25, 0));
                incidents.add(at(37, Kind.PAUSE_DIRECTOR, 25, 0));
                yield incidents;
            }
            case EXILED ->
                    List.of(
                            at(5, Kind.DEAF_MEMBERS, 40, 0),
                            at(9, Kind.SLOW_PROXY, 24, 2),
                            at(9, Kind.SLOW_PROXY, 24, 3),
                            at(12, Kind.FILL_ALL, 0, 1),
                            at(16, Kind.ABORT, 0, 1));
            case RETURNED ->
                    List.of(
                            at(10, Kind.LAG_PROXY, 20, LAGGING_FIRST),
                            at(10, Kind.LAG_PROXY, 20, LAGGING_SECOND),
                            at(11, Kind.FILL_ALL, 0, 1),
                            at(13, Kind.DIRECTOR_OLD_DISK, 5, 0),
                            at(18, Kind.PAUSE_DIRECTOR, 3, 0));
            case OVERDUE ->
                    List.of(
                            at(10, Kind.LAG_PROXY, 30, LAGGING_FIRST),
                            at(11, Kind.DRAIN_WITH_DEADLINE, 2, 4));
            case SLEPT ->
                    List.of(
                            at(7, Kind.PAUSE_DIRECTOR, 60, 0),
                            at(10, Kind.DRAIN, 0, 4),
                            at(45, Kind.PORTS_AGAIN, 0, 0));
            case UNHEARD -> {
                List<Incident> incidents = new ArrayList<>(portsAgain(10, 30));
                incidents.add(at(7, Kind.PAUSE_DIRECTOR, 60, 0));
                incidents.add(at(10, Kind.DRAIN, 0, 4));
                yield incidents;
            }
            case SOLO -> List.of(at(8, Kind.PAUSE_DIRECTOR, 30, 0), at(10, Kind.REPLACE, 0, 1));
            case PUT_BACK ->
                    List.of(
                            at(8, Kind.PAUSE_DIRECTOR, 40, 0),
                            at(10, Kind.DRAIN_TWO, 0, 4),
                            at(13, Kind.PROXY_POWER, 13, 1),
                            at(18, Kind.PROXY_POWER, 2, 0),
                            at(25, Kind.PROXY_OLD_DISK, 2, 0));
            case BEHIND ->
                    List.of(
                            at(9, Kind.LAG_DIRECTOR, 20, LAGGING_DIRECTOR),
                            at(9, Kind.LAG_PROXY, 20, LAGGING_FIRST),
                            at(9, Kind.LAG_PROXY, 20, LAGGING_SECOND),
                            at(10, Kind.DRAIN, 0, 1),
                            at(12, Kind.FILL_ALL, 0, 1));
        };
    }

    private static List<Incident> portsAgain(int from, int to) {
        return IntStream.range(from, to).mapToObj(s -> at(s, Kind.PORTS_AGAIN, 0, 0)).toList();
    }

    private static List<Incident> drains(int everySeconds) {
        List<Incident> incidents = new ArrayList<>();
        for (int at = 8; Nanos.seconds(at) < CHAOS; at += everySeconds) {
            incidents.add(at(at, Kind.DRAIN, 0, 4));
            incidents.add(at(at + everySeconds - 2, Kind.FILL_ALL, 0, 1));
        }
        return incidents;
    }

    private static Incident at(int seconds, Kind kind, int forSeconds, int choice) {
        return new Incident(0, kind, Nanos.seconds(seconds), Nanos.seconds(forSeconds), choice);
    }
}
