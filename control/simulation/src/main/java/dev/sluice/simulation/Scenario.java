package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.simulation.Incident.Kind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A world and what is done to it: all of a run but the dice.
 *
 * @param members how many of the proxies take new flows at the start
 * @param chaosNanos until then incidents happen; then everything is repaired
 */
record Scenario(
        Profile profile,
        Wire wire,
        int directors,
        int proxies,
        int members,
        int controllers,
        int rows,
        long chaosNanos,
        Traffic traffic,
        Weather weather,
        List<Incident> incidents) {

    Scenario {
        incidents = List.copyOf(incidents);
    }

    /**
     * Probabilities from 0 to 1.
     *
     * @param spacingNanos mean time between two new connections
     * @param reuse of the addresses and ports of a closed connection
     * @param shortNanos how long most connections last at most
     * @param longFlows that last up to 90 s
     * @param slowClients that let the handshake wait
     */
    record Traffic(
            long spacingNanos,
            double reuse,
            long shortNanos,
            double longFlows,
            double slowClients) {}

    /**
     * Probabilities from 0 to 1, of one packet on one path.
     *
     * @param detours packets that take up to {@code detourNanos} longer, and so overtake
     * @param backlog packets that wait up to 0.9 s between driver and socket layer
     */
    record Weather(
            double loss,
            double copies,
            double detours,
            long detourNanos,
            double slowSynAcks,
            double backlog) {}

    /** What a scenario is biased to; a seed's is its remainder. */
    enum Profile {
        /** A little of everything. */
        MIXED,
        /** Changes one after the other while nodes lag. */
        OVERLAP,
        /** Directors that cannot reach proxies. */
        DEMOTION,
        /** Handshakes that take their time while changes happen. */
        HANDSHAKE,
        /** Nodes without the store, and returns from old disks. */
        ISOLATION,
        /** Proxies that restart. */
        RETURN,
        /** SYN cookies. */
        COOKIES,
        /** Drains that end by force. */
        DEADLINE,
        /** Changes that are given up half way. */
        TAKEBACK,
        /** Half of the nodes are behind the other half. */
        SPLIT,
        /** Directors that reach no proxy of the newest view. */
        EXILE,
        /** An operator who insists, while nodes lag. */
        FORCE
    }

    private static final List<Kind> OTHERS =
            List.of(
                    Kind.DRAIN_TWO,
                    Kind.FILL_ALL,
                    Kind.WEIGH,
                    Kind.WEIGH,
                    Kind.REPLACE,
                    Kind.ADD,
                    Kind.REMOVE);

    private static final List<Kind> FORCED =
            List.of(Kind.FORCE_DRAIN, Kind.FORCE_FILL, Kind.FORCE_REPLACE, Kind.FORCE_SETTLE);

    private static final List<Kind> TAKEBACKS =
            List.of(Kind.DRAIN, Kind.DRAIN, Kind.FILL_ALL, Kind.REPLACE, Kind.ABORT, Kind.ABORT);

    static Scenario of(long seed, Wire wire) {
        if (Directed.is(seed)) {
            return Directed.of(seed, wire);
        }
        Dice dice = Dice.of(seed, "scenario");
        Profile[] profiles = Profile.values();
        Profile profile = profiles[(int) Math.floorMod(seed, (long) profiles.length)];
        int proxies = (int) dice.between(3, 6);
        long chaos = Nanos.seconds(dice.between(40, 100));
        return new Scenario(
                profile,
                wire,
                (int) dice.between(2, 4),
                proxies,
                (int) dice.between(2, proxies),
                (int) dice.between(1, 3),
                16,
                chaos,
                traffic(profile, dice),
                weather(profile, wire, dice),
                incidents(profile, chaos, dice));
    }

    /** The same with only some of its incidents. */
    Scenario with(List<Incident> fewer) {
        return new Scenario(
                profile,
                wire,
                directors,
                proxies,
                members,
                controllers,
                rows,
                chaosNanos,
                traffic,
                weather,
                fewer);
    }

    private static Traffic traffic(Profile profile, Dice dice) {
        if (profile == Profile.HANDSHAKE || profile == Profile.COOKIES) {
            // Little else holds an epoch than handshakes that dawdle.
            long spacing = Nanos.millis(dice.between(200, 600));
            double reuse = profile == Profile.HANDSHAKE ? 0.7 : 0.1;
            return new Traffic(spacing, reuse, Nanos.SECOND, 0.02, 0.4);
        }
        return new Traffic(
                Nanos.millis(dice.between(80, 300)),
                profile == Profile.OVERLAP ? 0.6 : 0.1,
                Nanos.seconds(6),
                dice.between(10, 40) / 100.0,
                0.05);
    }

    /** Without stamps nothing may overtake by two seconds: docs/protocol.md. */
    private static Weather weather(Profile profile, Wire wire, Dice dice) {
        boolean calm = dice.chance(0.3);
        double slowSynAcks = profile == Profile.HANDSHAKE ? 0.4 : 0.02;
        return new Weather(
                calm ? 0 : 0.01,
                calm ? 0 : 0.02,
                calm ? 0.01 : 0.1,
                dice.chance(0.2) && wire == Wire.SLUICE ? Nanos.seconds(3) : Nanos.millis(50),
                slowSynAcks,
                profile == Profile.HANDSHAKE ? 0.2 : 0.01);
    }

    private static List<Incident> incidents(Profile profile, long chaos, Dice dice) {
        List<Incident> incidents = new ArrayList<>();
        long pace = Nanos.millis(dice.between(1500, 6000));
        for (long at = Nanos.seconds(4); at < chaos; at += dice.between(0, 2 * pace)) {
            incidents.add(
                    new Incident(0, command(profile, dice), at, deadline(dice), dice.below(64)));
        }
        long shuffle = profile == Profile.SPLIT ? Nanos.seconds(2) : Nanos.seconds(6);
        for (long at = Nanos.seconds(4); at < chaos; at += dice.between(0, shuffle)) {
            incidents.add(new Incident(0, Kind.RESHUFFLE, at, 0, dice.below(1 << 16)));
        }
        List<Kind> faults = faults(profile);
        long gap = Nanos.millis(dice.between(2000, 8000));
        for (long at = Nanos.seconds(3); at < chaos; at += dice.between(0, 2 * gap)) {
            long length = dice.between(Nanos.seconds(1), Nanos.seconds(25));
            incidents.add(new Incident(0, dice.pick(faults), at, length, dice.below(64)));
        }
        return numbered(incidents);
    }

    static List<Incident> numbered(List<Incident> incidents) {
        List<Incident> sorted = new ArrayList<>(incidents);
        sorted.sort(Comparator.comparingLong(Incident::atNanos));
        List<Incident> numbered = new ArrayList<>();
        for (Incident i : sorted) {
            numbered.add(
                    new Incident(
                            numbered.size() + 1, i.kind(), i.atNanos(), i.forNanos(), i.choice()));
        }
        return numbered;
    }

    private static long deadline(Dice dice) {
        return dice.between(Nanos.seconds(2), Nanos.seconds(15));
    }

    private static Kind command(Profile profile, Dice dice) {
        if (profile == Profile.DEADLINE && dice.chance(0.5)) {
            return Kind.DRAIN_WITH_DEADLINE;
        }
        if (profile == Profile.TAKEBACK || profile == Profile.EXILE) {
            return dice.pick(TAKEBACKS);
        }
        if (profile == Profile.FORCE && dice.chance(0.5)) {
            return dice.pick(FORCED);
        }
        int roll = dice.below(20);
        if (roll == 0) {
            return Kind.ABORT;
        }
        if (roll == 1) {
            return Kind.DRAIN_WITH_DEADLINE;
        }
        return roll < 5 ? dice.pick(OTHERS) : roll < 12 ? Kind.DRAIN : Kind.FILL;
    }

    private static List<Kind> faults(Profile profile) {
        return switch (profile) {
            case MIXED -> mixed();
            case OVERLAP ->
                    List.of(
                            Kind.STORE_CUT_DIRECTOR,
                            Kind.LAG_MANY,
                            Kind.LAG_MANY,
                            Kind.STORE_CUT_MANY,
                            Kind.LAG_DIRECTOR,
                            Kind.LAG_PROXY,
                            Kind.PAUSE_DIRECTOR,
                            Kind.PAUSE_PROXY,
                            Kind.SLOW_DIRECTOR,
                            Kind.SLOW_PROXY,
                            Kind.USURPER);
            case DEMOTION ->
                    List.of(
                            Kind.DEAF_PROBES,
                            Kind.DEAF_PROBES,
                            Kind.PROXY_POWER,
                            Kind.LINK_CUT,
                            Kind.LAG_DIRECTOR);
            case HANDSHAKE ->
                    List.of(
                            Kind.PAUSE_PROXY,
                            Kind.STORE_CUT_DIRECTOR,
                            Kind.LAG_DIRECTOR,
                            Kind.SLOW_PROXY);
            case ISOLATION ->
                    List.of(
                            Kind.STORE_CUT_DIRECTOR,
                            Kind.STORE_CUT_MANY,
                            Kind.STORE_CUT_MANY,
                            Kind.STRANDED,
                            Kind.DIRECTOR_OLD_DISK,
                            Kind.DIRECTOR_POWER,
                            Kind.WITHDRAW,
                            Kind.DIRECTOR_CRASH,
                            Kind.STALE_READ,
                            Kind.DISK_FULL);
            case RETURN ->
                    List.of(
                            Kind.PROXY_CRASH,
                            Kind.PROXY_POWER,
                            Kind.PROXY_CRASH,
                            Kind.CONFIRM_OFF,
                            Kind.STORE_CUT_PROXY,
                            Kind.SESSION_LOSS);
            case COOKIES -> List.of(Kind.SYN_FLOOD, Kind.SYN_FLOOD, Kind.LAG_DIRECTOR);
            case DEADLINE -> List.of(Kind.LAG_PROXY, Kind.STORE_CUT_PROXY, Kind.PAUSE_PROXY);
            case TAKEBACK -> List.of(Kind.LAG_MANY, Kind.STORE_CUT_MANY, Kind.SLOW_DIRECTOR);
            case SPLIT -> List.of(Kind.LAG_MANY, Kind.LAG_MANY, Kind.ESTRANGED);
            case FORCE ->
                    List.of(
                            Kind.LAG_MANY,
                            Kind.STORE_CUT_MANY,
                            Kind.LAG_CONTROLLER,
                            Kind.STORE_CUT_PROXY,
                            Kind.PROXY_POWER,
                            Kind.CONFIRM_OFF,
                            Kind.USURPER);
            case EXILE -> List.of(Kind.DEAF_MEMBERS, Kind.DEAF_MEMBERS, Kind.LAG_MANY);
        };
    }

    private static List<Kind> mixed() {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        kinds.removeAll(List.of(Kind.DRAIN, Kind.DRAIN_WITH_DEADLINE, Kind.FILL, Kind.ABORT));
        kinds.removeAll(OTHERS);
        // Beyond the promise: docs/protocol.md, "what it does not cover".
        kinds.remove(Kind.PROXY_OLD_DISK);
        return kinds;
    }
}
