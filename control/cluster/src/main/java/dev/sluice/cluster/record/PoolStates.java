package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.proto.cluster.v1.Member;
import dev.sluice.proto.cluster.v1.ProxyMark;
import dev.sluice.proto.cluster.v1.ProxyState;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link PoolState} to and from its message, with all that must hold between its parts. */
final class PoolStates {
    /** For bytes that stand in no node of their own. */
    static final Codec<PoolState> CODEC_BY_ITSELF =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.PoolState.parser(),
                    PoolStates::write,
                    (name, proto) -> read(proto.getName(), proto));

    private PoolStates() {}

    static dev.sluice.proto.cluster.v1.PoolState write(PoolState state) {
        var builder =
                dev.sluice.proto.cluster.v1.PoolState.newBuilder()
                        .setName(state.name())
                        .setGeneration(state.generation())
                        .setSpec(PoolSpecs.write(state.spec()))
                        .setNextEpochId(state.nextEpochId());
        state.proxies().forEach(p -> builder.addProxies(write(p)));
        state.live().forEach(e -> builder.addLive(write(e)));
        state.pending().ifPresent(e -> builder.setPending(write(e)));
        return builder.build();
    }

    private static dev.sluice.proto.cluster.v1.Proxy write(Proxy proxy) {
        return dev.sluice.proto.cluster.v1.Proxy.newBuilder()
                .setId(proxy.id())
                .setAddress(ByteString.copyFrom(proxy.address().bytes()))
                .setState(
                        switch (proxy.state()) {
                            case JOINING -> ProxyState.PROXY_STATE_JOINING;
                            case FILLING -> ProxyState.PROXY_STATE_FILLING;
                            case ACTIVE -> ProxyState.PROXY_STATE_ACTIVE;
                            case DRAINING -> ProxyState.PROXY_STATE_DRAINING;
                            case DRAINED -> ProxyState.PROXY_STATE_DRAINED;
                        })
                .setWeight(proxy.weight())
                .setMark(
                        switch (proxy.mark()) {
                            case NONE -> ProxyMark.PROXY_MARK_UNSPECIFIED;
                            case FAILED_OVER -> ProxyMark.PROXY_MARK_FAILED_OVER;
                            case CONFIRMED_OFF -> ProxyMark.PROXY_MARK_CONFIRMED_OFF;
                        })
                .build();
    }

    private static dev.sluice.proto.cluster.v1.Epoch write(Epoch epoch) {
        var builder =
                dev.sluice.proto.cluster.v1.Epoch.newBuilder()
                        .setId(epoch.id())
                        .setCommitGeneration(epoch.commitGeneration())
                        .setPrepareGeneration(epoch.prepareGeneration())
                        .setPhaseStartUnixMs(epoch.phaseStartUnixMs())
                        .setDeadlineUnixMs(epoch.deadlineUnixMs())
                        .setExpired(epoch.expired())
                        .setCloseGeneration(epoch.closeGeneration());
        epoch.members()
                .forEach(m ->
                        builder.addMembers(
                                Member.newBuilder().setProxy(m.proxy()).setWeight(m.weight())));
        return builder.build();
    }

    static PoolState read(String name, dev.sluice.proto.cluster.v1.PoolState proto) {
        Strict.check(proto.hasSpec(), "spec", "missing", "the pool's specification");
        List<Proxy> proxies = proxies(proto);
        PoolState state =
                new PoolState(
                        Strict.self("name", name, proto.getName()),
                        Strict.atLeast("generation", proto.getGeneration(), 1),
                        PoolSpecs.read("spec", proto.getSpec()),
                        proxies,
                        live(proto, ids(proxies)),
                        pending(proto, ids(proxies)),
                        Strict.atLeast("next_epoch_id", proto.getNextEpochId(), 1));
        checkEpochs(state);
        return state;
    }

    private static Set<String> ids(List<Proxy> proxies) {
        Set<String> ids = new HashSet<>();
        proxies.forEach(p -> ids.add(p.id()));
        return ids;
    }

    private static List<Proxy> proxies(dev.sluice.proto.cluster.v1.PoolState proto) {
        List<Proxy> proxies = new ArrayList<>();
        Strict.Once<Object> once = new Strict.Once<>();
        for (int i = 0; i < proto.getProxiesCount(); i++) {
            Proxy proxy = proxy("proxies[" + i + "]", proto.getProxies(i));
            once.check("proxies[" + i + "].id", proxy.id());
            // Rendezvous orders by address: two proxies with one would be one hop.
            once.check("proxies[" + i + "].address", proxy.address());
            proxies.add(proxy);
        }
        return proxies;
    }

    private static Proxy proxy(String field, dev.sluice.proto.cluster.v1.Proxy proto) {
        return new Proxy(
                Strict.name(field + ".id", proto.getId()),
                Strict.address(field + ".address", proto.getAddress()),
                state(field + ".state", proto.getState()),
                Strict.between(field + ".weight", proto.getWeight(), 1, Proxy.MAX_WEIGHT),
                mark(field + ".mark", proto.getMark()));
    }

    private static Proxy.Mark mark(String field, ProxyMark mark) {
        return switch (mark) {
            case PROXY_MARK_UNSPECIFIED -> Proxy.Mark.NONE;
            case PROXY_MARK_FAILED_OVER -> Proxy.Mark.FAILED_OVER;
            case PROXY_MARK_CONFIRMED_OFF -> Proxy.Mark.CONFIRMED_OFF;
            case UNRECOGNIZED ->
                    throw new Strict.Invalid(
                            new RecordProblem(
                                    field, mark.name(), "none, failed over or confirmed off"));
        };
    }

    private static Proxy.State state(String field, ProxyState state) {
        return switch (state) {
            case PROXY_STATE_JOINING -> Proxy.State.JOINING;
            case PROXY_STATE_FILLING -> Proxy.State.FILLING;
            case PROXY_STATE_ACTIVE -> Proxy.State.ACTIVE;
            case PROXY_STATE_DRAINING -> Proxy.State.DRAINING;
            case PROXY_STATE_DRAINED -> Proxy.State.DRAINED;
            case PROXY_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new Strict.Invalid(
                            new RecordProblem(
                                    field,
                                    state.name(),
                                    "joining, filling, active, draining or drained"));
        };
    }

    private static List<Epoch> live(
            dev.sluice.proto.cluster.v1.PoolState proto, Set<String> proxies) {
        Strict.check(proto.getLiveCount() > 0, "live", "no epoch", "at least one");
        List<Epoch> live = new ArrayList<>();
        for (int i = 0; i < proto.getLiveCount(); i++) {
            live.add(epoch("live[" + i + "]", proto.getLive(i), proxies));
        }
        return live;
    }

    private static Optional<Epoch> pending(
            dev.sluice.proto.cluster.v1.PoolState proto, Set<String> proxies) {
        return proto.hasPending()
                ? Optional.of(epoch("pending", proto.getPending(), proxies))
                : Optional.empty();
    }

    private static Epoch epoch(
            String field, dev.sluice.proto.cluster.v1.Epoch proto, Set<String> proxies) {
        List<Epoch.Member> members = new ArrayList<>();
        Strict.Once<String> once = new Strict.Once<>();
        for (int i = 0; i < proto.getMembersCount(); i++) {
            String at = field + ".members[" + i + "]";
            Member member = proto.getMembers(i);
            once.check(at + ".proxy", member.getProxy());
            Strict.check(
                    proxies.contains(member.getProxy()),
                    at + ".proxy",
                    "'" + member.getProxy() + "'",
                    "a proxy of this pool");
            members.add(
                    new Epoch.Member(
                            member.getProxy(),
                            Strict.between(
                                    at + ".weight", member.getWeight(), 1, Proxy.MAX_WEIGHT)));
        }
        return new Epoch(
                Strict.atLeast(field + ".id", proto.getId(), 0),
                members,
                Strict.atLeast(field + ".commit_generation", proto.getCommitGeneration(), 0),
                Strict.atLeast(field + ".prepare_generation", proto.getPrepareGeneration(), 0),
                Strict.atLeast(field + ".phase_start_unix_ms", proto.getPhaseStartUnixMs(), 0),
                Strict.atLeast(field + ".deadline_unix_ms", proto.getDeadlineUnixMs(), 0),
                proto.getExpired(),
                Strict.atLeast(field + ".close_generation", proto.getCloseGeneration(), 0));
    }

    /** Ids are used once; the newest live epoch was committed last; the pending one not yet. */
    private static void checkEpochs(PoolState state) {
        Strict.Once<Long> ids = new Strict.Once<>();
        state.epochs().forEach(e -> ids.check("epoch id", e.id()));
        state.epochs()
                .forEach(e ->
                        Strict.check(
                                e.id() < state.nextEpochId()
                                        && e.prepareGeneration() <= state.generation()
                                        && e.closeGeneration() <= state.generation(),
                                "epoch " + e.id(),
                                "prepared at "
                                        + e.prepareGeneration()
                                        + ", closed at "
                                        + e.closeGeneration(),
                                "ids below "
                                        + state.nextEpochId()
                                        + ", generations up to "
                                        + state.generation()));
        long newer = state.generation() + 1;
        for (Epoch epoch : state.live()) {
            Strict.check(
                    epoch.commitGeneration() >= 1 && epoch.commitGeneration() < newer,
                    "commit_generation of epoch " + epoch.id(),
                    epoch.commitGeneration(),
                    "1 to " + (newer - 1));
            newer = epoch.commitGeneration();
        }
        state.pending()
                .ifPresent(e ->
                        Strict.check(
                                e.commitGeneration() == 0,
                                "pending.commit_generation",
                                e.commitGeneration(),
                                "0"));
    }
}
