package dev.sluice.control;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Hold;
import dev.sluice.cluster.transition.Transitions;
import dev.sluice.proto.admin.v1.EpochHold;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.HeldEpoch;
import dev.sluice.proto.admin.v1.PoolEpochs;

import java.util.List;
import java.util.Locale;

/** A pool's live and pending epochs, and what holds each open. Pure. */
final class EpochReport {
    private EpochReport() {}

    static PoolEpochs of(PoolState state, Facts facts, long nowUnixMs) {
        List<Hold> holds = Transitions.holds(new ChainTable(), state, facts, nowUnixMs);
        PoolEpochs.Builder pool =
                PoolEpochs.newBuilder().setPool(state.name()).setGeneration(state.generation());
        state.pending()
                .ifPresent(e -> pool.addEpochs(held(e, EpochPhase.EPOCH_PHASE_PENDING, holds)));
        pool.addEpochs(held(state.newest(), EpochPhase.EPOCH_PHASE_NEWEST, holds));
        state.settling()
                .forEach(e -> pool.addEpochs(held(e, EpochPhase.EPOCH_PHASE_SETTLING, holds)));
        return pool.build();
    }

    private static HeldEpoch held(Epoch epoch, EpochPhase phase, List<Hold> holds) {
        HeldEpoch.Builder held = HeldEpoch.newBuilder().setEpoch(StatusReport.epoch(epoch, phase));
        holds.stream()
                .filter(hold -> hold.epoch() == epoch.id())
                .forEach(hold ->
                        held.addHolds(
                                EpochHold.newBuilder()
                                        .setKind(hold.kind().name().toLowerCase(Locale.ROOT))
                                        .setWho(hold.who())
                                        .setRows(hold.rows())
                                        .setConnections(hold.flows())
                                        .setText(hold.text())));
        return held.build();
    }
}
