package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The leader dies before each write to ZooKeeper of each operation, without a trace but what it had
 * written. The next leader finishes, or the operation never began and is repeated; the end is the
 * same as without a death, to the generation and the audit log: every step took effect once.
 */
class LeaderLossIT {
    private static final Logger log = LoggerFactory.getLogger(LeaderLossIT.class);
    private static final int NEVER = 0;

    private static TestingCluster ensemble;
    private static int worlds;

    @TempDir Path folder;

    @BeforeAll
    static void startEnsemble() throws Exception {
        ensemble = World.ensemble();
        ensemble.start();
    }

    @AfterAll
    static void stopEnsemble() throws Exception {
        ensemble.close();
    }

    /** One of each kind: a view's change, the queue, force, a record beside the pools. */
    private static final Set<String> QUICK = Set.of("replace", "queue", "settle", "config apply");

    static List<Operation> some() {
        return Operation.all().stream().filter(o -> QUICK.contains(o.name())).toList();
    }

    static List<Operation> others() {
        return Operation.all().stream().filter(o -> !QUICK.contains(o.name())).toList();
    }

    @ParameterizedTest
    @MethodSource("some")
    void everyStepTakesEffectOnceWhereverTheLeaderDies(Operation operation) throws Exception {
        dieBeforeEachWriteOf(operation);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("others")
    void soDoesEveryOtherOne(Operation operation) throws Exception {
        dieBeforeEachWriteOf(operation);
    }

    private void dieBeforeEachWriteOf(Operation operation) throws Exception {
        Run whole = run(operation, NEVER);
        log.atInfo()
                .addKeyValue("operation", operation.name())
                .addKeyValue("writes", whole.writes())
                .log("ha.writes");
        assertThat(whole.writes()).isNotEmpty();
        for (int write = 1; write <= whole.writes().size(); write++) {
            Run cut = run(operation, write);
            assertThat(cut.died()).as("died before write " + write).isTrue();
            assertThat(cut.outcome())
                    .as("%s, leader dies before %s", operation, whole.writes().get(write - 1))
                    .isEqualTo(whole.outcome());
        }
    }

    private record Run(World.Outcome outcome, List<String> writes, boolean died) {}

    private Run run(Operation operation, int cutBefore) throws Exception {
        try (World world = new World(folder, ensemble.getConnectString(), "w" + worlds++)) {
            operation.before().in(world);
            World.Control leader = world.leader();
            leader.gate().arm(cutBefore, leader::die);
            if (!operation.command().isEmpty()) {
                command(world, leader, operation.command());
            }
            operation.after().in(world);
            await().atMost(World.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> isOver(world, operation, leader, cutBefore));
            return new Run(world.outcome(), leader.gate().writes(), leader.gate().isDead());
        }
    }

    /** An operator whose control process dies on him asks another one, as long as it fails. */
    private static void command(World world, World.Control leader, List<String> command)
            throws IOException {
        String site = world.path("site.yaml").toString();
        String[] args =
                command.stream().map(a -> a.equals("SITE") ? site : a).toArray(String[]::new);
        Sluice.Result result = leader.sluice().run(args);
        if (result.exit() != 0) {
            assertThat(leader.gate().isDead()).as(result.err()).isTrue();
            assertThat(result.exit()).as(result.err()).isEqualTo(1);
            await().atMost(World.PATIENCE)
                    .until(() -> world.other(leader).sluice().run(args).exit() == 0);
        }
    }

    /** Nothing is open, and nothing more is written for a while. */
    private static boolean isOver(
            World world, Operation operation, World.Control leader, int cutBefore) {
        boolean died = cutBefore == NEVER || leader.gate().isDead();
        return died && world.isSteady() && operation.done().test(world) && world.isQuiet();
    }
}
