package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.ClusterStatus;
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

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Several control processes, some of them not well. */
class AdminSocketsIT {
    @TempDir Path folder;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
        var _ = loop.shutdownGracefully();
    }

    @Test
    void passesOverTheDeadAndTheSilent() throws Exception {
        leaveBehind("control-1.sock");
        try (ServerSocketChannel _ = listenInSilence("control-2.sock")) {
            serve("control-3.sock", true);
            assertThat(asked()).isEqualTo("control-3.sock");
        }
    }

    @Test
    void prefersOneThatHasZooKeeper() throws Exception {
        serve("control-1.sock", false);
        serve("control-2.sock", true);
        assertThat(asked()).isEqualTo("control-2.sock");
    }

    @Test
    void takesOneWithoutZooKeeperIfThereIsNoOther() throws Exception {
        leaveBehind("control-1.sock");
        serve("control-2.sock", false);
        assertThat(asked()).isEqualTo("control-2.sock");
    }

    @Test
    void goesOnWithAnotherWhenTheFirstOneEnds() throws Exception {
        serve("control-1.sock", true);
        serve("control-2.sock", true);
        try (AdminClient client = AdminClient.to(folder)) {
            assertThat(status(client).getControl()).isEqualTo("control-1.sock");
            servers.getFirst().shutdownNow().awaitTermination();
            assertThatThrownBy(() -> status(client)).isInstanceOf(Failure.class);
            assertThat(status(client).getControl()).isEqualTo("control-2.sock");
        }
    }

    @Test
    void findsTheLabBelowAFolderWithoutSockets() throws Exception {
        Path lab = Files.createDirectory(folder.resolve("lab"));
        serve("lab/control-1.sock", true);
        assertThat(new AdminSockets(folder).paths()).containsExactly(lab.resolve("control-1.sock"));
        serve("control.sock", true);
        assertThat(new AdminSockets(folder).paths())
                .containsExactly(folder.resolve("control.sock"));
    }

    @Test
    void saysWhereItLookedWhenNobodyAnswers() throws Exception {
        assertThatThrownBy(() -> AdminClient.to(folder))
                .hasMessageContaining("no control process answers in " + folder);
        leaveBehind("control-1.sock");
        leaveBehind("control-2.sock");
        assertThatThrownBy(() -> AdminClient.to(folder))
                .hasMessageContaining("control-1.sock, ")
                .hasMessageContaining("control-2.sock");
    }

    private String asked() throws Failure {
        try (AdminClient client = AdminClient.to(folder)) {
            return status(client).getControl();
        }
    }

    private static ClusterStatus status(AdminClient client) throws Failure {
        return client.call(stub -> stub.status(StatusRequest.getDefaultInstance()));
    }

    /** What a process leaves that was killed. */
    private void leaveBehind(String name) throws IOException {
        listenInSilence(name).close();
        assertThat(folder.resolve(name)).exists();
    }

    /** As a stopped process does: the kernel accepts for it. */
    private ServerSocketChannel listenInSilence(String name) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return channel.bind(UnixDomainSocketAddress.of(folder.resolve(name)));
    }

    private void serve(String name, boolean current) throws IOException {
        servers.add(
                NettyServerBuilder.forAddress(
                                new DomainSocketAddress(folder.resolve(name).toFile()))
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .directExecutor()
                        .addService(new FakeAdmin(name, current))
                        .build()
                        .start());
    }

    private static final class FakeAdmin extends AdminGrpc.AdminImplBase {
        private final ClusterStatus status;

        FakeAdmin(String name, boolean current) {
            this.status =
                    ClusterStatus.newBuilder()
                            .setControl(name)
                            .setZookeeper(ZooKeeperStatus.newBuilder().setCurrent(current))
                            .build();
        }

        @Override
        public void status(StatusRequest request, StreamObserver<ClusterStatus> reply) {
            reply.onNext(status);
            reply.onCompleted();
        }
    }
}
