package dev.sluice.control;

import dev.sluice.cluster.record.Source;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** gRPC on a Unix socket that only the owner of this process may use. */
final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final long GRACE_S = 2;

    /** A configuration that is too long is refused in words, unless it is much too long. */
    private static final int MAX_REQUEST_BYTES = 2 * Source.MAX_BYTES;

    private final SocketPath socket;
    private final Server server;
    private final EventLoopGroup loop;
    private final ExecutorService calls;

    private AdminServer(
            SocketPath socket, Server server, EventLoopGroup loop, ExecutorService calls) {
        this.socket = socket;
        this.server = server;
        this.loop = loop;
        this.calls = calls;
    }

    static AdminServer start(Path path, BindableService service) throws IOException {
        SocketPath socket = SocketPath.prepare(path);
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().name("sluice-admin").factory(),
                        EpollIoHandler.newFactory());
        ExecutorService calls =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("sluice-admin-call").factory());
        Server server =
                NettyServerBuilder.forAddress(
                                new DomainSocketAddress(socket.bindTo().toFile()),
                                PeerNegotiator.credentials(UserNames.OF_THIS_HOST::of))
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .executor(calls)
                        .maxInboundMessageSize(MAX_REQUEST_BYTES)
                        .intercept(new Peer.Interceptor())
                        .addService(service)
                        .build();
        AdminServer admin = new AdminServer(socket, server, loop, calls);
        try {
            server.start();
            socket.publish();
        } catch (IOException e) {
            admin.close();
            throw e;
        }
        log.atInfo().addKeyValue("socket", path).log("admin.listening");
        return admin;
    }

    @Override
    public void close() {
        server.shutdown();
        calls.shutdownNow();
        try {
            if (!server.awaitTermination(GRACE_S, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
            socket.close();
            boolean ended =
                    loop.shutdownGracefully(0, GRACE_S, TimeUnit.SECONDS)
                            .await(GRACE_S, TimeUnit.SECONDS);
            log.atDebug().addKeyValue("ended", ended).log("admin.stopped");
        } catch (IOException e) {
            log.atWarn().setCause(e).log("admin.socket_not_removed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
