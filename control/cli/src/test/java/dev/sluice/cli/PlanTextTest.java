package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.PlanReply;
import dev.sluice.proto.admin.v1.PlannedLoad;
import dev.sluice.proto.admin.v1.PlannedPhase;
import dev.sluice.proto.admin.v1.PoolPlan;
import dev.sluice.proto.admin.v1.Refusal;
import dev.sluice.proto.admin.v1.Risk;

import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static PoolPlan.Builder plan() {
        return PoolPlan.newBuilder()
                .setPool("web")
                .setRows(1000)
                .setRowsChanged(500)
                .setRowsMoved(250)
                .setLongestChain(3)
                .setEffect("p1 drains: epoch 2 prepared")
                .addLoads(
                        PlannedLoad.newBuilder()
                                .setProxy("p1")
                                .setRowsBefore(250)
                                .setRowsLeft(250)
                                .setConnections(1204)
                                .setDisplaced(1204))
                .addLoads(
                        PlannedLoad.newBuilder()
                                .setProxy("p2")
                                .setRowsBefore(750)
                                .setRowsAfter(1000)
                                .setConnections(7))
                .addPhases(
                        PlannedPhase.newBuilder()
                                .setName("prepare")
                                .setWaitsFor("all to know generation 2")
                                .addWho("d1"));
    }

    private static String text(PoolPlan.Builder plan) {
        return PlanText.of(PlanReply.newBuilder().addPlans(plan).build());
    }

    @Test
    void tellsWhatMovesAndWhoIsWaitedFor() {
        assertThat(text(plan()))
                .isEqualTo(
                        """
                        pool web   p1 drains: epoch 2 prepared
                          new connections that go elsewhere: 25.0 % (250 rows; open hops change on 500 of 1000), longest chain 3 hops
                          PROXY  NOW     AFTERWARDS  CONNECTIONS  DISPLACED
                          p1     25.0 %  0.0 %       1204         all 1204
                          p2     75.0 %  100.0 %     7            0
                          displaced connections go on where they are: packets find them by the second chance
                          prepare waits for all to know generation 2: d1
                        """);
    }

    @Test
    void aRefusedPlanTellsWhyAndWhatForceRisks() {
        Refusal refused =
                Refusal.newBuilder()
                        .setReason("100 rows would need 5 hops")
                        .setRows(100)
                        .addHolders("p3")
                        .setWayOut("wait")
                        .build();
        assertThat(
                        text(
                                plan().setRefused(refused)
                                        .setRisk(
                                                Risk.newBuilder()
                                                        .setRows(100)
                                                        .setConnections(1)
                                                        .addUnknown("p4"))))
                .contains("refused: 100 rows would need 5 hops")
                .contains("rows:     100")
                .contains("held by:  p3")
                .contains("way out:  wait")
                .contains(
                        "by force: p1 drains: epoch 2 prepared, at risk: 1 known connection on 100"
                                + " rows, and what has not been told by p4");
        assertThat(
                        text(
                                plan().setEffect("")
                                        .setRefused(refused)
                                        .setNotEvenForced(
                                                Refusal.newBuilder().setReason("no one is left"))))
                .contains("not by force either: no one is left")
                .doesNotContain("at risk");
    }

    @Test
    void refusalsNameWhatIsKnownAndNothingElse() {
        assertThat(RefusalText.of(Refusal.newBuilder().setReason("why").setWayOut("out").build()))
                .isEqualTo("refused: why; out");
        assertThat(
                        RefusalText.of(
                                Refusal.newBuilder()
                                        .setReason("why")
                                        .addHolders("a")
                                        .addHolders("b")
                                        .setEarliestUnixMs(1_700_000_000_000L)
                                        .build()))
                .startsWith("refused: why\n  held by:  a, b\n  possible: at 20")
                .endsWith(" at the latest");
    }
}
