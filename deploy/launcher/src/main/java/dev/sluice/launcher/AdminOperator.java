package dev.sluice.launcher;

import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Operator;
import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.DrainRequest;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.FillRequest;
import dev.sluice.proto.admin.v1.MemberStatus;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolPhase;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The lab's operator: asks the lab's controller over its admin socket. */
public final class AdminOperator implements Operator, AutoCloseable {
    private static final int CALL_LIMIT_S = 10;
    private static final String ACTOR = "lab";
    private static final String STATE_PREFIX = "PROXY_STATE_";

    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    private AdminOperator(EventLoopGroup loop, ManagedChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    public static AdminOperator of(LabDirectory directory) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        String socket = directory.controlSocket().toString();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket))
                        .eventLoopGroup(loop)
                        .channelType(EpollDomainSocketChannel.class)
                        .usePlaintext()
                        .build();
        return new AdminOperator(loop, channel);
    }

    private AdminGrpc.AdminBlockingStub admin() {
        return AdminGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_LIMIT_S, TimeUnit.SECONDS);
    }

    @Override
    public Optional<ClusterView> look() throws IOException {
        try {
            return view(admin().status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                // A controller that is just starting, or just gone: ask at once next time.
                channel.resetConnectBackoff();
                return Optional.empty();
            }
            throw failed("status", e);
        }
    }

    @Override
    public void applyConfig(Path file) throws IOException {
        ApplyConfigRequest request =
                ApplyConfigRequest.newBuilder()
                        .setSource(Files.readString(file))
                        .setOrigin(file.toString())
                        .setActor(ACTOR)
                        .build();
        call("config apply", () -> admin().applyConfig(request));
    }

    @Override
    public void drain(String proxy) throws IOException {
        DrainRequest request = DrainRequest.newBuilder().setProxy(proxy).setActor(ACTOR).build();
        call("drain " + proxy, () -> admin().drain(request));
    }

    @Override
    public void fill(String proxy) throws IOException {
        FillRequest request = FillRequest.newBuilder().setProxy(proxy).setActor(ACTOR).build();
        call("fill " + proxy, () -> admin().fill(request));
    }

    private static void call(String what, Supplier<?> call) throws IOException {
        try {
            var _ = call.get();
        } catch (StatusRuntimeException e) {
            throw failed(what, e);
        }
    }

    private static IOException failed(String what, StatusRuntimeException e) {
        return new IOException(what + ": " + e.getStatus(), e);
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
                director.getAnnouncing());
    }

    private static ProxyView proxy(ProxyStatus proxy) {
        ProxyState state = proxy.getState();
        return new ProxyView(
                proxy.getId(),
                state.name().substring(STATE_PREFIX.length()),
                proxy.getConfigRevision(),
                proxy.getConnections());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
