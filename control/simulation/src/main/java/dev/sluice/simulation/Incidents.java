package dev.sluice.simulation;

import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Carries incidents out, and repairs everything when they are over. */
final class Incidents {
    private static final long LAG = Nanos.seconds(3);
    private static final long STRANDED = Nanos.seconds(27);

    private final World world;

    Incidents(World world) {
        this.world = world;
    }

    void schedule(List<Incident> incidents) {
        incidents.forEach(i -> world.at(i.atNanos(), () -> happen(i)));
    }

    private void happen(Incident incident) {
        world.trace().say(() -> "* " + incident);
        switch (incident.kind()) {
            case DRAIN,
                    DRAIN_WITH_DEADLINE,
                    FILL,
                    ABORT,
                    DRAIN_TWO,
                    FILL_ALL,
                    WEIGH,
                    REPLACE,
                    ADD,
                    REMOVE,
                    CONFIRM_OFF,
                    FORCE_DRAIN,
                    FORCE_FILL,
                    FORCE_REPLACE,
                    FORCE_SETTLE ->
                    world.operator().command(incident, controller(incident));
            case DIRECTOR_CRASH -> crash(director(incident), incident);
            case DIRECTOR_POWER -> power(director(incident), incident, 0);
            case DIRECTOR_OLD_DISK ->
                    power(director(incident), incident, 1 + incident.choice() % 4);
            case PROXY_CRASH -> crash(proxy(incident), incident);
            case PROXY_POWER -> power(proxy(incident), incident);
            case STORE_CUT_DIRECTOR -> cut(storeOf(director(incident).process()), incident);
            case STORE_CUT_PROXY -> cut(storeOf(proxy(incident).process()), incident);
            case STORE_CUT_CONTROLLER -> cut(controller(incident).store(), incident);
            case SESSION_LOSS -> loseSession(incident);
            case PAUSE_DIRECTOR -> pause(director(incident).process(), incident);
            case PAUSE_PROXY -> pause(proxy(incident).process(), incident);
            case LAG_DIRECTOR -> lag(storeOf(director(incident).process()), incident);
            case LAG_PROXY -> lag(storeOf(proxy(incident).process()), incident);
            case LAG_MANY -> many(incident).forEach(store -> lag(store, incident));
            case STORE_CUT_MANY -> many(incident).forEach(store -> cut(store, incident));
            case LAG_CONTROLLER -> lag(controller(incident).store(), incident);
            case SLOW_DIRECTOR -> slow(director(incident), incident);
            case SLOW_PROXY -> slow(proxy(incident), incident);
            case DISK_FULL -> fillDisk(director(incident), incident);
            case DEAF_PROBES -> deafen(incident);
            case DEAF_MEMBERS -> deafenMembers(incident);
            case LINK_CUT -> cutLink(incident);
            case RESHUFFLE -> world.router().reshuffle(incident.choice());
            case CONTROLLER_CRASH -> crash(controller(incident), incident);
            case USURPER -> usurp(controller(incident), incident);
            case SYN_FLOOD -> flood(proxy(incident), incident);
            case PORTS_AGAIN -> world.clients().openAgain();
            case PROXY_OLD_DISK -> putBack(proxy(incident), incident);
            case STRANDED -> strand(director(incident), incident);
            case ESTRANGED -> estrange(director(incident), incident);
            case STALE_READ -> readOld(director(incident), incident);
            case WITHDRAW -> withdraw(director(incident));
        }
    }

    private DirectorHost director(Incident incident) {
        return world.directors().get(incident.choice() % world.directors().size());
    }

    private ProxyHost proxy(Incident incident) {
        return world.proxies().get(incident.choice() % world.proxies().size());
    }

    private Controller controller(Incident incident) {
        return world.controllers().get(incident.choice() % world.controllers().size());
    }

    /** Who is connected to one server of the ensemble: about half of the nodes. */
    private List<StoreClient> many(Incident incident) {
        Dice dice = new Dice(incident.choice() + 1L);
        List<StoreClient> stores = new ArrayList<>();
        world.directors().forEach(d -> addIf(dice.chance(0.5), storeOf(d.process()), stores));
        world.proxies().forEach(p -> addIf(dice.chance(0.5), storeOf(p.process()), stores));
        return stores;
    }

    private static void addIf(
            boolean chosen, @Nullable StoreClient store, List<StoreClient> stores) {
        if (chosen && store != null) {
            stores.add(store);
        }
    }

    private static @Nullable StoreClient storeOf(@Nullable DirectorProcess process) {
        return process == null ? null : process.store();
    }

    private static @Nullable StoreClient storeOf(@Nullable ProxyProcess process) {
        return process == null ? null : process.store();
    }

    private void crash(DirectorHost director, Incident incident) {
        director.crash();
        world.after(incident.forNanos(), () -> startIfOn(director));
    }

    private static void startIfOn(DirectorHost director) {
        if (director.isUp()) {
            director.start(0);
        }
    }

    private void power(DirectorHost director, Incident incident, int snapshotsBack) {
        director.powerOff();
        world.after(incident.forNanos(), () -> director.start(snapshotsBack));
    }

    private void crash(ProxyHost proxy, Incident incident) {
        proxy.crash();
        world.after(
                incident.forNanos(),
                () -> {
                    if (proxy.isUp()) {
                        proxy.start();
                    }
                });
    }

    private void power(ProxyHost proxy, Incident incident) {
        proxy.powerOff();
        world.after(incident.forNanos(), proxy::start);
    }

    /** The host returns with the disk of its first day. */
    private void putBack(ProxyHost proxy, Incident incident) {
        proxy.powerOff();
        proxy.putDiskBack();
        world.after(incident.forNanos(), proxy::start);
    }

    private void crash(Controller controller, Incident incident) {
        controller.crash();
        world.elect();
        world.after(incident.forNanos(), controller::start);
    }

    private void cut(@Nullable StoreClient store, Incident incident) {
        cutFor(store, incident.forNanos());
    }

    private void loseSession(Incident incident) {
        StoreClient store =
                incident.choice() % 2 == 0
                        ? storeOf(proxy(incident).process())
                        : storeOf(director(incident).process());
        if (store != null) {
            store.loseSession();
        }
    }

    /** C9b: a view without store, and a director that returns to what that view knows. */
    private void strand(DirectorHost director, Incident incident) {
        long then = world.pool().generation();
        long length = Math.max(STRANDED, incident.forNanos());
        members().forEach(store -> cutFor(store, length));
        world.after(
                STRANDED / 3,
                () -> {
                    director.powerOff();
                    director.startAsOf(then);
                    cutFor(storeOf(director.process()), length - STRANDED / 3);
                });
    }

    /** C9: a director whose session is over, in front of a view that is behind. */
    private void estrange(DirectorHost director, Incident incident) {
        long length = Math.max(STRANDED, incident.forNanos());
        cutFor(storeOf(director.process()), length);
        world.after(
                Ensemble.SESSION_NANOS,
                () ->
                        members()
                                .forEach(store -> {
                                    store.lag(length / 3);
                                    world.after(length / 2, () -> store.lag(0));
                                }));
    }

    private List<StoreClient> members() {
        List<StoreClient> stores = new ArrayList<>();
        world.proxies().stream()
                .filter(p -> world.pool().newest().has(p.id()))
                .forEach(p -> addIf(true, storeOf(p.process()), stores));
        return stores;
    }

    private void cutFor(@Nullable StoreClient store, long nanos) {
        if (store != null) {
            store.cut();
            world.after(nanos, store::heal);
        }
    }

    private static void pause(@Nullable StepProcess<?, ?, ?> process, Incident incident) {
        if (process != null) {
            process.pause(incident.forNanos());
        }
    }

    private void lag(@Nullable StoreClient store, Incident incident) {
        if (store != null) {
            store.lag(LAG * (1 + incident.choice() % 3));
            world.after(incident.forNanos(), () -> store.lag(0));
        }
    }

    private void slow(DirectorHost director, Incident incident) {
        director.slowInstalls(incident.forNanos() / 3);
        world.after(incident.forNanos(), () -> director.slowInstalls(0));
    }

    private void slow(ProxyHost proxy, Incident incident) {
        proxy.slowInstalls(incident.forNanos() / 3);
        world.after(incident.forNanos(), () -> proxy.slowInstalls(0));
    }

    private void fillDisk(DirectorHost director, Incident incident) {
        director.diskFull(true);
        world.after(incident.forNanos(), () -> director.diskFull(false));
    }

    private void deafen(Incident incident) {
        long until = world.nowNanos() + incident.forNanos();
        String proxy = proxy(incident).id();
        if (incident.choice() % 3 == 0) {
            world.directors().forEach(d -> world.network().deafen(d.id(), proxy, until));
        } else {
            DirectorHost director =
                    world.directors().get(incident.choice() / 8 % world.directors().size());
            world.network().deafen(director.id(), proxy, until);
        }
    }

    private void deafenMembers(Incident incident) {
        long until = world.nowNanos() + incident.forNanos();
        String director = director(incident).id();
        world.pool()
                .newest()
                .members()
                .forEach(m -> world.network().deafen(director, m.proxy(), until));
    }

    private void cutLink(Incident incident) {
        long until = world.nowNanos() + incident.forNanos();
        String proxy = proxy(incident).id();
        DirectorHost director =
                world.directors().get(incident.choice() / 8 % world.directors().size());
        world.network().cut(director.id(), proxy, until);
    }

    private void usurp(Controller controller, Incident incident) {
        controller.lead(true);
        world.after(incident.forNanos(), () -> world.learnLeader(controller));
    }

    private void flood(ProxyHost proxy, Incident incident) {
        proxy.kernel().flood(true);
        world.after(incident.forNanos(), () -> proxy.kernel().flood(false));
    }

    /** A server that is behind answers: an old state once more. */
    private void readOld(DirectorHost director, Incident incident) {
        DirectorProcess process = director.process();
        long back = 1L + incident.choice() % 3;
        PoolState old = world.stateAt(world.pool().generation() - back);
        if (process != null && old != null) {
            process.offer(new DirectorObservation.PoolRead(old));
        }
    }

    /** {@code sluice director withdraw}: for a director whose process is stopped. */
    private void withdraw(DirectorHost director) {
        Ensemble ensemble = world.ensemble();
        boolean running =
                director.isRunning() || ensemble.read(Paths.directorMember(director.id())) != null;
        Ensemble.Node node = ensemble.read(Paths.director(director.id()));
        if (!running && node != null && node.value() instanceof DirectorRecord record) {
            world.router().withdraw(director);
            ensemble.put(Paths.director(director.id()), record.asWithdrawn(), Ensemble.PERSISTENT);
        }
    }

    /** From now on nothing is wrong any more. */
    void repairAll() {
        world.trace().say(() -> "* everything is repaired");
        world.network().heal();
        world.directors().forEach(this::repair);
        world.proxies().forEach(this::repair);
        world.controllers().forEach(this::repair);
        world.elect();
    }

    private void repair(DirectorHost director) {
        director.start(0);
        director.slowInstalls(0);
        director.diskFull(false);
        repair(storeOf(director.process()));
    }

    private void repair(ProxyHost proxy) {
        proxy.start();
        proxy.slowInstalls(0);
        proxy.kernel().flood(false);
        repair(storeOf(proxy.process()));
    }

    private void repair(Controller controller) {
        controller.start();
        repair(controller.store());
    }

    private static void repair(@Nullable StoreClient store) {
        if (store != null) {
            store.lag(0);
            store.heal();
        }
    }
}
