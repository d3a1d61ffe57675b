package dev.sluice.launcher;

import dev.sluice.cli.AdminClient;
import dev.sluice.cli.Failure;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator;
import dev.sluice.proto.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;
import dev.sluice.proto.admin.v1.Change;
import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.DrainRequest;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.FillRequest;
import dev.sluice.proto.admin.v1.Health;
import dev.sluice.proto.admin.v1.MemberStatus;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolOutcome;
import dev.sluice.proto.admin.v1.PoolPhase;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.RemoveDirectorRequest;
import dev.sluice.proto.admin.v1.ReplaceRequest;
import dev.sluice.proto.admin.v1.StatusRequest;
import dev.sluice.proto.admin.v1.WeightRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The lab's operator: asks one of the lab's controllers over its admin socket. Used by one thread.
 */
public final class AdminOperator implements Operator, AutoCloseable {
    /** A controller that is paused must not hold up whoever looks. */
    private static final long LOOK_MS = 2000;

    private static final String ACTOR = "lab";
    private static final String STATE_PREFIX = "PROXY_STATE_";

    private final Path sockets;
    private @Nullable AdminClient client;

    private AdminOperator(Path sockets) {
        this.sockets = sockets;
    }

    /** Asks one of the controllers whose sockets are in that folder. */
    public static AdminOperator in(Path sockets) {
        return new AdminOperator(sockets);
    }

    public static AdminOperator of(LabDirectory directory) {
        return new AdminOperator(directory.sockets());
    }

    /** Asks that controller and no other. */
    public static AdminOperator of(LabDirectory directory, Node control) {
        return new AdminOperator(directory.socket(control));
    }

    @Override
    public Optional<ClusterView> look() {
        try {
            return view(
                    call(stub ->
                            stub.withDeadlineAfter(LOOK_MS, TimeUnit.MILLISECONDS)
                                    .status(StatusRequest.getDefaultInstance())));
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    @Override
    public long applyConfig(Path file) throws IOException {
        ApplyConfigRequest request =
                ApplyConfigRequest.newBuilder()
                        .setSource(Files.readString(file))
                        .setOrigin(file.toString())
                        .setActor(ACTOR)
                        .build();
        return require("config apply", stub -> stub.applyConfig(request)).getRevision();
    }

    @Override
    public void drain(String proxy, Duration deadline) throws IOException {
        DrainRequest drain =
                DrainRequest.newBuilder()
                        .addProxies(proxy)
                        .setDeadlineMs(deadline.toMillis())
                        .build();
        change("drain " + proxy, Change.newBuilder().setDrain(drain).build());
    }

    @Override
    public void fill(String proxy) throws IOException {
        FillRequest fill = FillRequest.newBuilder().addProxies(proxy).build();
        change("fill " + proxy, Change.newBuilder().setFill(fill).build());
    }

    @Override
    public void replace(String old, String replacement, Duration deadline) throws IOException {
        ReplaceRequest replace =
                ReplaceRequest.newBuilder()
                        .setOld(old)
                        .setReplacement(replacement)
                        .setDeadlineMs(deadline.toMillis())
                        .build();
        change("replace " + old, Change.newBuilder().setReplace(replace).build());
    }

    @Override
    public boolean weigh(String proxy, int weight) throws IOException {
        WeightRequest weigh =
                WeightRequest.newBuilder()
                        .addWeights(MemberStatus.newBuilder().setProxy(proxy).setWeight(weight))
                        .build();
        ChangeRequest request =
                request(Change.newBuilder().setWeight(weigh).build()).setQueue(true).build();
        return make("weight " + proxy, request).stream().anyMatch(PoolOutcome::hasQueued);
    }

    @Override
    public void removeDirector(String director) throws IOException {
        RemoveDirectorRequest request =
                RemoveDirectorRequest.newBuilder().setId(director).setActor(ACTOR).build();
        var _ = require("directors remove " + director, stub -> stub.removeDirector(request));
    }

    private static ChangeRequest.Builder request(Change change) {
        return ChangeRequest.newBuilder().setChange(change).setActor(ACTOR);
    }

    private void change(String what, Change change) throws IOException {
        var _ = make(what, request(change).build());
    }

    private List<PoolOutcome> make(String what, ChangeRequest request) throws IOException {
        List<PoolOutcome> outcomes =
                require(what, stub -> stub.makeChange(request)).getOutcomesList();
        for (PoolOutcome outcome : outcomes) {
            if (outcome.hasRefused()) {
                throw new IOException(
                        what
                                + ": "
                                + outcome.getRefused().getReason()
                                + "; "
                                + outcome.getRefused().getWayOut());
            }
        }
        return outcomes;
    }

    private <R> R require(String what, Function<AdminBlockingStub, R> request) throws IOException {
        try {
            return call(request);
        } catch (Failure e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    /** On a new connection after a failure, since the old one would back off first. */
    private <R> R call(Function<AdminBlockingStub, R> request) throws Failure {
        AdminClient current = client == null ? AdminClient.to(sockets) : client;
        client = current;
        try {
            return current.call(request);
        } catch (Failure e) {
            close();
            throw e;
        }
    }

    /** The lab has one pool. */
    private static Optional<ClusterView> view(ClusterStatus status) {
        return status.getPoolsList().stream().findFirst().map(pool -> view(status, pool));
    }

    private static ClusterView view(ClusterStatus status, PoolStatus pool) {
        Optional<EpochStatus> newest =
                pool.getEpochsList().stream()
                        .filter(epoch -> epoch.getPhase() == EpochPhase.EPOCH_PHASE_NEWEST)
                        .findFirst();
        return new ClusterView(
                status.getLeader(),
                pool.getGeneration(),
                newest.map(EpochStatus::getCommitGeneration).orElse(0L),
                pool.getPhase() == PoolPhase.POOL_PHASE_STEADY,
                newest.map(AdminOperator::members).orElse(List.of()),
                directors(status, pool),
                pool.getProxiesList().stream().map(AdminOperator::proxy).toList(),
                status.getConfig().getActiveRevision());
    }

    private static List<String> members(EpochStatus epoch) {
        return epoch.getMembersList().stream().map(MemberStatus::getProxy).toList();
    }

    private static List<DirectorView> directors(ClusterStatus status, PoolStatus pool) {
        Map<String, Long> acknowledged =
                pool.getDirectorsList().stream()
                        .collect(
                                Collectors.toMap(
                                        PoolDirectorStatus::getId,
                                        PoolDirectorStatus::getAcknowledgedGeneration));
        return status.getDirectorsList().stream().map(d -> director(d, acknowledged)).toList();
    }

    private static DirectorView director(DirectorStatus director, Map<String, Long> acknowledged) {
        return new DirectorView(
                director.getId(),
                acknowledged.getOrDefault(director.getId(), 0L),
                director.getPresent(),
                director.getAnnouncing());
    }

    private static ProxyView proxy(ProxyStatus proxy) {
        ProxyState state = proxy.getState();
        return new ProxyView(
                proxy.getId(),
                state.name().substring(STATE_PREFIX.length()),
                proxy.getWeight(),
                proxy.getPresent() && proxy.getHealth() == Health.HEALTH_HEALTHY,
                proxy.getConfigRevision(),
                proxy.getConnections());
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
