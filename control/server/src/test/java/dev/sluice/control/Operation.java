package dev.sluice.control;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * One thing that an operator, or the leader by itself, does.
 *
 * @param before brings the world to where it can be done
 * @param command of the operator; empty = none, the world alone makes it happen
 * @param after what the world does once the command was given
 * @param done beside that nothing is open
 */
record Operation(
        String name, Step before, List<String> command, Step after, Predicate<World> done) {
    private static final Step NOTHING = world -> {};

    /** What happens around the command. */
    interface Step {
        void in(World world) throws Exception;
    }

    private static Operation of(String name, Step before, String command, Step after) {
        return new Operation(
                name, before, Arrays.asList(command.split(" ", -1)), after, world -> true);
    }

    @Override
    public String toString() {
        return name;
    }

    static List<Operation> all() {
        return List.of(
                of("drain", NOTHING, "drain p1", NOTHING),
                of("drain of two", NOTHING, "drain p1 p2", NOTHING),
                of("drain with a deadline", Operation::heldByP1, "drain p1 --deadline 1s", NOTHING),
                of("fill", world -> world.run("drain", "p1", "--wait"), "fill p1", NOTHING),
                of("weight", NOTHING, "weight p1=3 p2=2", NOTHING),
                of("replace", w -> w.run("drain", "p3", "--wait"), "replace p1 p3", NOTHING),
                of("add", NOTHING, "add p4 --address 198.18.2.4", NOTHING),
                of("remove", world -> world.run("drain", "p3", "--wait"), "remove p3", NOTHING),
                of("abort", Operation::preparing, "abort", world -> world.hold(false)),
                of("confirm-off", Operation::p3IsOff, "confirm-off p3", NOTHING),
                of("queue", Operation::preparing, "drain p2 --queue", w -> w.hold(false)),
                of("queue cancel", Operation::queued, "queue cancel 1", w -> w.hold(false)),
                of("force", Operation::preparing, "drain p2 --force --yes", w -> w.hold(false)),
                of("settle", Operation::settling, "settle 1 --force --yes", NOTHING),
                of("config apply", Operation::site, "config apply -f SITE", NOTHING),
                of("config apply in parts", Operation::longSite, "config apply -f SITE", NOTHING),
                of("directors remove", Operation::d2IsGone, "directors remove d2", NOTHING),
                new Operation(
                        "failover",
                        NOTHING,
                        List.of(),
                        Operation::p1IsUnreachable,
                        world -> !world.pool().newest().has("p1")));
    }

    private static void heldByP1(World world) {
        world.proxies.getFirst().hold(5);
    }

    private static void preparing(World world) {
        world.hold(true);
        world.run("drain", "p1");
    }

    private static void queued(World world) {
        preparing(world);
        world.run("drain", "p2", "--queue");
    }

    private static void settling(World world) {
        heldByP1(world);
        world.run("drain", "p1", "--wait=acknowledged");
    }

    private static void p3IsOff(World world) {
        world.proxies.get(2).close();
        await().atMost(World.PATIENCE)
                .until(() ->
                        world.controls.stream()
                                .allMatch(c ->
                                        c.sluice()
                                                .run("status")
                                                .out()
                                                .matches("(?s).*p3 +active +no session.*")));
    }

    private static void d2IsGone(World world) {
        world.directors.get(1).close();
        await().atMost(World.PATIENCE)
                .until(() -> world.leader().sluice().run("status").out().contains("d2        no"));
    }

    private static void site(World world) throws Exception {
        Files.writeString(
                world.path("site.yaml"),
                "listeners:\n  - name: web\n    addresses: [\"203.0.113.10:80\"]\n");
    }

    private static void longSite(World world) throws Exception {
        site(world);
        Files.writeString(
                world.path("site.yaml"), "# long\n".repeat(100_000), StandardOpenOption.APPEND);
    }

    private static void p1IsUnreachable(World world) {
        world.directors.forEach(d -> d.vote("p1", false, "connection refused"));
    }
}
