package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.ApplyConfigReply;
import dev.sluice.proto.admin.v1.ApplyConfigRequest;
import dev.sluice.proto.admin.v1.CancelQueuedReply;
import dev.sluice.proto.admin.v1.CancelQueuedRequest;
import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.ChangeRequest;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.PlanReply;
import dev.sluice.proto.admin.v1.PoolOutcome;
import dev.sluice.proto.admin.v1.PoolPlan;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.QueuedChange;
import dev.sluice.proto.admin.v1.Refusal;
import dev.sluice.proto.admin.v1.RemoveDirectorReply;
import dev.sluice.proto.admin.v1.RemoveDirectorRequest;
import dev.sluice.proto.admin.v1.RepairPoolReply;
import dev.sluice.proto.admin.v1.RepairPoolRequest;
import dev.sluice.proto.admin.v1.Risk;
import dev.sluice.proto.admin.v1.StatusRequest;
import dev.sluice.proto.admin.v1.ZooKeeperStatus;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What commands make of the replies of control processes, one of which may fall silent. */
class RepliesIT {
    @TempDir Path folder;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Server> servers = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "sluice")
    static final class Root {}

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
        var _ = loop.shutdownGracefully();
    }

    private int run(String... args) {
        CommandLine line = new CommandLine(new Root());
        SluiceCommands.addTo(line);
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        Stream.concat(Stream.of(args), Stream.of("--control=" + folder))
                                .toArray(String[]::new));
    }

    private void serve(String name, ProxyState watched, boolean ends) throws IOException {
        servers.add(
                NettyServerBuilder.forAddress(
                                new DomainSocketAddress(folder.resolve(name).toFile()))
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .directExecutor()
                        .addService(new Admin(name, watched, ends))
                        .build()
                        .start());
    }

    @Test
    void waitingGoesOnWithAnotherControlProcessWhenOneFallsSilent() throws Exception {
        serve("control-1.sock", ProxyState.PROXY_STATE_DRAINING, true);
        serve("control-2.sock", ProxyState.PROXY_STATE_DRAINED, false);
        assertThat(run("drain", "p1", "--wait")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("p1 is drained after");
    }

    @Test
    void factsOfShortCommandsAreJson() throws Exception {
        serve("control.sock", ProxyState.PROXY_STATE_ACTIVE, false);
        Path file = Files.writeString(folder.resolve("site.yaml"), "listeners: []");
        assertThat(run("queue", "cancel", "3", "-o", "json")).isZero();
        assertThat(run("pool", "repair", "web", "-o", "json")).isZero();
        assertThat(run("directors", "remove", "d1", "-o", "json")).isZero();
        String site = file.toString();
        assertThat(run("config", "apply", "-f", site, "-o", "json", "--no-wait")).isZero();
        assertThat(out.toString().replaceAll("\\s+", ""))
                .isEqualTo(
                        "{\"pool\":\"web\",\"cancelled\":{\"id\":3,\"change\":\"drainp1\",\"actor\":"
                                + "\"ann\",\"queued_unix_ms\":0}}"
                                + "{\"generation\":7,\"effect\":\"repaired\"}"
                                + "{\"id\":\"d1\"}"
                                + "{\"revision\":4,\"unchanged\":true,\"tried_by\":[],\"activation\":9,"
                                + "\"warnings\":[]}");
    }

    @Test
    void waitingForARevisionEndsThoughNobodyAnswersAnyMore() throws Exception {
        serve("control.sock", ProxyState.PROXY_STATE_ACTIVE, true);
        Path file = Files.writeString(folder.resolve("site.yaml"), "listeners: []");
        assertThat(run("config", "apply", "-f", file.toString(), "--timeout", "1s")).isEqualTo(1);
        assertThat(out.toString()).contains("revision 4 is active already");
        assertThat(err.toString())
                .contains("control.sock has no current view")
                .contains("revision 4 stays active; see 'sluice status'");
    }

    @Test
    void whatForceRisksIsJsonBeforeTheOutcome() throws Exception {
        serve("control.sock", ProxyState.PROXY_STATE_ACTIVE, false);
        assertThat(run("drain", "p1", "--force", "--yes", "-o", "json")).isZero();
        assertThat(out.toString().lines().findFirst().orElseThrow())
                .isEqualTo(
                        "{\"event\":\"risk\",\"connections\":12,\"effect\":\"p1 drains\",\"pool\":"
                                + "\"web\",\"reason\":\"too many hops\",\"rows\":9,\"unknown\":[\"p3\"]}");
        assertThat(out.toString()).contains("\"event\":\"accepted\"");
        assertThat(err.toString()).contains("12 known connections on 9 rows");
    }

    /** Answers once it was asked; its watch says one thing, and then nothing more. */
    private static final class Admin extends AdminGrpc.AdminImplBase {
        private final ClusterStatus status;
        private final boolean ends;
        private boolean silent;

        Admin(String name, ProxyState state, boolean ends) {
            this.ends = ends;
            this.status =
                    ClusterStatus.newBuilder()
                            .setControl(name)
                            .setZookeeper(ZooKeeperStatus.newBuilder().setCurrent(true))
                            .addPools(
                                    PoolStatus.newBuilder()
                                            .setName("web")
                                            .setGeneration(2)
                                            .addEpochs(
                                                    EpochStatus.newBuilder()
                                                            .setId(2)
                                                            .setPhase(EpochPhase.EPOCH_PHASE_NEWEST)
                                                            .setCommitGeneration(2))
                                            .addProxies(
                                                    ProxyStatus.newBuilder()
                                                            .setId("p1")
                                                            .setState(state)))
                            .build();
        }

        private static <T> void reply(StreamObserver<T> to, T message) {
            to.onNext(message);
            to.onCompleted();
        }

        @Override
        public void status(StatusRequest request, StreamObserver<ClusterStatus> to) {
            if (!silent) {
                reply(to, status);
            }
        }

        @Override
        public void watchStatus(StatusRequest request, StreamObserver<ClusterStatus> to) {
            silent = ends;
            to.onNext(status);
        }

        @Override
        public void makeChange(ChangeRequest request, StreamObserver<ChangeReply> to) {
            AcceptedChange accepted =
                    AcceptedChange.newBuilder().setPool("web").setGeneration(2).setEpoch(2).build();
            reply(
                    to,
                    ChangeReply.newBuilder()
                            .addOutcomes(
                                    PoolOutcome.newBuilder().setPool("web").setAccepted(accepted))
                            .build());
        }

        @Override
        public void planChange(ChangeRequest request, StreamObserver<PlanReply> to) {
            reply(
                    to,
                    PlanReply.newBuilder()
                            .addPlans(
                                    PoolPlan.newBuilder()
                                            .setPool("web")
                                            .setRefused(
                                                    Refusal.newBuilder().setReason("too many hops"))
                                            .setEffect("p1 drains")
                                            .setRisk(
                                                    Risk.newBuilder()
                                                            .setRows(9)
                                                            .setConnections(12)
                                                            .addUnknown("p3")))
                            .build());
        }

        @Override
        public void cancelQueued(
                CancelQueuedRequest request, StreamObserver<CancelQueuedReply> to) {
            QueuedChange cancelled =
                    QueuedChange.newBuilder()
                            .setId(request.getId())
                            .setChange("drain p1")
                            .setActor("ann")
                            .build();
            reply(
                    to,
                    CancelQueuedReply.newBuilder().setPool("web").setCancelled(cancelled).build());
        }

        @Override
        public void repairPool(RepairPoolRequest request, StreamObserver<RepairPoolReply> to) {
            reply(to, RepairPoolReply.newBuilder().setGeneration(7).setEffect("repaired").build());
        }

        @Override
        public void removeDirector(
                RemoveDirectorRequest request, StreamObserver<RemoveDirectorReply> to) {
            reply(to, RemoveDirectorReply.newBuilder().setId(request.getId()).build());
        }

        @Override
        public void applyConfig(ApplyConfigRequest request, StreamObserver<ApplyConfigReply> to) {
            reply(
                    to,
                    ApplyConfigReply.newBuilder()
                            .setRevision(4)
                            .setUnchanged(true)
                            .setActivation(9)
                            .build());
        }
    }
}
