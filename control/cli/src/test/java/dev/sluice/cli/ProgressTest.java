package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Progress.Kind;
import dev.sluice.cli.Progress.Stage;
import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;

import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final AcceptedChange DRAIN =
            AcceptedChange.newBuilder()
                    .setPool("web")
                    .setGeneration(2)
                    .setEpoch(2)
                    .setDeadlineUnixMs(5000)
                    .build();

    private final ProxyStatus.Builder proxy =
            ProxyStatus.newBuilder()
                    .setId("p1")
                    .setState(ProxyState.PROXY_STATE_DRAINING)
                    .setConnections(9)
                    .setDisplacedFlows(3)
                    .setDisplacedRows(2);
    private final PoolStatus.Builder pool = PoolStatus.newBuilder().setName("web").setGeneration(3);
    private final ClusterStatus.Builder status = ClusterStatus.newBuilder().setUnixMs(1000);

    private void epoch(long id, EpochPhase phase, long commitGeneration) {
        pool.addEpochs(
                EpochStatus.newBuilder()
                        .setId(id)
                        .setPhase(phase)
                        .setCommitGeneration(commitGeneration));
    }

    private void director(String id, long acknowledged, boolean withdrawn) {
        pool.addDirectors(
                PoolDirectorStatus.newBuilder().setId(id).setAcknowledgedGeneration(acknowledged));
        status.addDirectors(DirectorStatus.newBuilder().setId(id).setWithdrawn(withdrawn));
    }

    private Progress progress() {
        return Progress.of(
                status.addPools(pool.addProxies(proxy)).build(), DRAIN, "p1", Kind.DRAIN);
    }

    @Test
    void aStatusFromBeforeTheWriteProvesNothing() {
        pool.setGeneration(1);
        proxy.setState(ProxyState.PROXY_STATE_ACTIVE);
        epoch(1, EpochPhase.EPOCH_PHASE_NEWEST, 1);
        assertThat(progress().stage()).isEqualTo(Stage.PREPARING);
    }

    @Test
    void aPendingEpochIsBeingPrepared() {
        epoch(1, EpochPhase.EPOCH_PHASE_NEWEST, 1);
        epoch(2, EpochPhase.EPOCH_PHASE_PENDING, 0);
        proxy.setReportGeneration(9);
        Progress progress = progress();
        assertThat(progress.stage()).isEqualTo(Stage.PREPARING);
        assertThat(progress.scanned()).isFalse();
        assertThat(progress.flows()).isEqualTo(9);
        assertThat(progress.deadlineMs()).isEqualTo(4000);
    }

    @Test
    void isAcknowledgedWhenEveryDirectorThatCountsForwardsByIt() {
        epoch(2, EpochPhase.EPOCH_PHASE_NEWEST, 3);
        director("d1", 3, false);
        director("d2", 1, true);
        proxy.setReportGeneration(3);
        Progress progress = progress();
        assertThat(progress.stage()).isEqualTo(Stage.ACKNOWLEDGED);
        assertThat(progress.flows()).isEqualTo(3);
        assertThat(progress.text())
                .contains("draining   3 connections left on 2 rows   deadline in 4s");
    }

    @Test
    void oneLaggingDirectorHoldsTheAcknowledgement() {
        epoch(2, EpochPhase.EPOCH_PHASE_NEWEST, 3);
        director("d1", 3, false);
        director("d2", 2, false);
        assertThat(progress().stage()).isEqualTo(Stage.COMMITTED);
    }

    @Test
    void aNewerChangeOfAnotherProxyDoesNotUndoIt() {
        epoch(3, EpochPhase.EPOCH_PHASE_NEWEST, 5);
        epoch(2, EpochPhase.EPOCH_PHASE_SETTLING, 3);
        director("d1", 3, false);
        assertThat(progress().stage()).isEqualTo(Stage.ACKNOWLEDGED);
    }

    @Test
    void aProxyThatTakesFlowsAgainHasItsDrainUndone() {
        epoch(3, EpochPhase.EPOCH_PHASE_NEWEST, 5);
        proxy.setState(ProxyState.PROXY_STATE_FILLING);
        assertThat(progress().stage()).isEqualTo(Stage.UNDONE);
    }

    @Test
    void isDrainedWhenItsStateSaysSo() {
        epoch(2, EpochPhase.EPOCH_PHASE_NEWEST, 3);
        proxy.setState(ProxyState.PROXY_STATE_DRAINED);
        assertThat(progress().isDrained()).isTrue();
    }

    @Test
    void aPoolThatIsGoneUndoesIt() {
        assertThat(Progress.of(status.build(), DRAIN, "p1", Kind.DRAIN).stage())
                .isEqualTo(Stage.UNDONE);
    }
}
