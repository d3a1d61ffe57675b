package dev.sluice.datapath;

import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.TcpSockets;
import dev.sluice.simulation.History.ClientPacket;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The sockets of one proxy host, made in the kernel as a history tells of them; in the namespace of
 * the one thread that uses it. The clients' addresses are the namespace's own.
 */
final class ReplayedSockets implements Closeable {
    private static final Path COOKIES = Path.of("/proc/sys/net/ipv4/tcp_syncookies");

    private @Nullable Fd listener;

    /**
     * What the kernel has for one packet.
     *
     * @param acknowledgement by which the packet is to the kernel's socket what it was to the one
     *     that was told of
     */
    record Made(int acknowledgement, Closeable socket) implements Closeable {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Makes the kernel have what is told, and nothing else, for a flow. */
    Made make(ClientPacket packet, Socket told) throws IOException {
        FlowKey flow = packet.flow();
        int acknowledgement = packet.acknowledgement();
        return switch (told) {
            case Socket.None() -> {
                close();
                yield new Made(acknowledgement, () -> {});
            }
            case Socket.Listener(boolean cookieIsValid) -> {
                listen(flow);
                int sent = cookieIsValid ? cookie(flow, packet.sequence()) : acknowledgement - 1;
                yield new Made(sent + 1, () -> {});
            }
            case Socket.Request(int isn) -> {
                listen(flow);
                yield request(flow, acknowledgement - isn);
            }
            case Socket.TimeWait() -> {
                timeWait(flow);
                yield new Made(acknowledgement, () -> forgetTimeWait(flow));
            }
            case Socket.Flow() -> {
                Fd socket = TcpSockets.established(server(flow), client(flow));
                yield new Made(acknowledgement, socket::close);
            }
        };
    }

    /** The server's end closes first, and so waits. */
    private void timeWait(FlowKey flow) throws IOException {
        close();
        try (ServerSocketChannel server = ServerSocketChannel.open();
                SocketChannel end = SocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(server(flow));
            end.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            end.bind(client(flow));
            end.connect(server(flow));
            server.accept().close();
            if (end.read(ByteBuffer.allocate(1)) != -1) {
                throw new AssertionError("the server's end is open");
            }
        }
    }

    /** The kernel would keep it for a minute. */
    private static void forgetTimeWait(FlowKey flow) throws IOException {
        List<String> command = new ArrayList<>(List.of("ss", "-KtnH", "state", "time-wait"));
        Collections.addAll(command, "src", endpoint(server(flow)), "dst", endpoint(client(flow)));
        Process ss =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            if (ss.waitFor() != 0) {
                throw new AssertionError(command + " ended with " + ss.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String endpoint(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static InetSocketAddress client(FlowKey flow) {
        return new InetSocketAddress(flow.source().inet(), flow.sourcePort());
    }

    private static InetSocketAddress server(FlowKey flow) {
        return new InetSocketAddress(flow.destination().inet(), flow.destinationPort());
    }

    private void listen(FlowKey flow) {
        if (listener == null) {
            listener = TcpSockets.deferringListener(server(flow));
        }
    }

    /** The client's end believes that the flow is open; the listener waits for data. */
    private static Made request(FlowKey flow, int offset) throws IOException {
        SocketChannel end = SocketChannel.open();
        end.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        // Closing it resets the flow: no request socket stays.
        end.setOption(StandardSocketOptions.SO_LINGER, 0);
        end.bind(client(flow));
        try (Fd ear = ear(flow)) {
            end.connect(server(flow));
            return new Made(synAck(ear, flow) + offset, end);
        }
    }

    /**
     * The sequence number of a SYN-ACK that is a cookie, for a packet with that sequence number.
     */
    private static int cookie(FlowKey flow, int sequence) throws IOException {
        Files.writeString(COOKIES, "2");
        byte[] syn =
                TestFrames.tcp(
                        flow.sourcePort(), flow.destinationPort(), TestFrames.SYN, sequence - 1, 0);
        try (Fd ear = ear(flow)) {
            TcpSockets.send(
                    ear,
                    TestFrames.checkedTcp(flow.source(), flow.destination(), syn),
                    server(flow));
            return synAck(ear, flow);
        } finally {
            Files.writeString(COOKIES, "1");
        }
    }

    private static Fd ear(FlowKey flow) {
        return TcpSockets.raw(new InetSocketAddress(flow.source().inet(), 0));
    }

    private static int synAck(Fd ear, FlowKey flow) {
        while (true) {
            ByteBuffer packet = ByteBuffer.wrap(TcpSockets.receive(ear));
            if (packet.capacity() == 0) {
                throw new AssertionError("no SYN-ACK within a second for " + flow);
            }
            boolean isSynAck = (packet.get(20 + 13) & 0x12) == 0x12;
            if (isSynAck && Short.toUnsignedInt(packet.getShort(20 + 2)) == flow.sourcePort()) {
                return packet.getInt(20 + 4);
            }
        }
    }

    @Override
    public void close() {
        Fd ending = listener;
        listener = null;
        if (ending != null) {
            ending.close();
        }
    }
}
