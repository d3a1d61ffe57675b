package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.Command;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.scenario.Claim;
import dev.sluice.lab.traffic.HttpConnection;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** What a run of {@code sluice chaos} that was killed leaves in a lab. */
@Tag("cluster")
class LeftoversIT {
    private static TestCluster cluster;
    private static Lab lab;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster = TestCluster.start(TestCluster.spec("leftit", Topology.of(1, 2, 1)));
        lab = cluster.lab();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void everyFaultThatMayBeLeftIsHealed() throws Exception {
        lab.pause(lab.node("control-1"));
        lab.cut(lab.node("upstream-1"), Cut.BOTH);
        lab.impair(lab.node("proxy-1"), 50, Duration.ofMillis(20));
        lab.fillDisk(lab.node("proxy-2"));
        lab.killHost(lab.node("director-1"));

        Claim.healAll(lab);

        cluster.reconnect();
        cluster.awaitSteady();
        // The only director's host was killed just now: what it is said to do may be of before.
        cluster.await("the VIP to answer", LeftoversIT::answers);
        Files.writeString(lab.directory().state(lab.node("proxy-2")).resolve("some"), "bytes");
    }

    private static boolean answers() {
        try (HttpConnection connection = lab.clients().connect()) {
            return connection.get("/").isSuccess();
        } catch (IOException e) {
            return false;
        }
    }

    /** The scenario needs a larger lab, so that nothing is played: the healing comes before. */
    @Test
    void theNextRunHealsWhatAKilledOneLeft() throws Exception {
        lab.pause(lab.node("proxy-1"));
        ProcessId dead = new ProcessId(ProcessHandle.current().pid(), 1);
        Files.writeString(lab.directory().root().resolve("player"), "found " + dead);

        Command.Result run = chaosRun("drain");

        assertThat(run.output())
                .contains("may have left faults behind: healing all nodes")
                .contains("drain is left out: it needs");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(lab.process(lab.node("proxy-1")).orElseThrow().isPaused()).isFalse();
        cluster.awaitSteady();
    }

    @Test
    void aRunBesideAnotherIsRefused() throws Exception {
        Claim.take(lab.directory(), false);
        Command.Result run = chaosRun("drain");
        Claim.release(lab.directory());
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.output()).contains("plays in this lab").contains("--lab");
    }

    private static Command.Result chaosRun(String scenario) throws Exception {
        return Command.run(
                JavaCommand.ofThisProcess("dev.sluice.launcher.Main")
                        .line(List.of("chaos", "run", scenario, "--lab", lab.directory().name())),
                "");
    }

    @Test
    void somebodyWhoPlaysIsNotDisturbed() throws Exception {
        Claim.take(lab.directory(), false);
        assertThatThrownBy(() -> Claim.stale(lab.directory()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Process " + ProcessHandle.current().pid() + " plays");
        Claim.release(lab.directory());
        assertThat(Claim.stale(lab.directory())).isEmpty();
    }

    @Test
    void somebodyWhoWasKilledIsKnownByHisClaim() throws Exception {
        ProcessId dead = new ProcessId(ProcessHandle.current().pid(), 1);
        Files.writeString(lab.directory().root().resolve("player"), "made " + dead);
        assertThat(Claim.stale(lab.directory())).contains(new Claim(dead, true));
        Claim.release(lab.directory());
    }
}
