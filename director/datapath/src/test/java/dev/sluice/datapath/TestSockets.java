package dev.sluice.datapath;

import static java.util.Objects.requireNonNull;

import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.TcpSockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts the sockets of one flow into a state, in the namespace of the calling thread. */
final class TestSockets implements AutoCloseable {
    private static final int IPV4 = 20;
    private final InetSocketAddress client;
    private final InetSocketAddress vip;
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable SocketChannel clientEnd;

    TestSockets(InetSocketAddress client, InetSocketAddress vip) {
        this.client = client;
        this.vip = vip;
    }

    /** An IPv6 socket, where the kernel has them: its flows have mapped addresses. */
    ServerSocketChannel listen() throws IOException {
        return listen(ServerSocketChannel.open());
    }

    ServerSocketChannel listenIpv4() throws IOException {
        return listen(ServerSocketChannel.open(StandardProtocolFamily.INET));
    }

    private ServerSocketChannel listen(ServerSocketChannel listener) throws IOException {
        open.add(listener);
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return listener.bind(vip);
    }

    /** The client's end that was opened last. */
    SocketChannel clientEnd() {
        return requireNonNull(clientEnd);
    }

    /** Fills what both ends buffer, so that the server's end waits for its client. */
    static void choke(SocketChannel server) throws IOException {
        server.configureBlocking(false);
        while (server.write(ByteBuffer.allocate(1 << 16)) > 0) {
            if (!server.isOpen()) {
                throw new AssertionError("the server's end was closed");
            }
        }
    }

    /** The server's end. */
    SocketChannel establish() throws IOException {
        try (ServerSocketChannel listener = listen()) {
            return establish(listener);
        }
    }

    SocketChannel establish(ServerSocketChannel listener) throws IOException {
        connect();
        SocketChannel accepted = listener.accept();
        open.add(accepted);
        return accepted;
    }

    /** The server closes first, and so waits. */
    void timeWait() throws IOException {
        SocketChannel server = establish();
        clientEnd().setOption(StandardSocketOptions.SO_LINGER, -1);
        server.close();
        if (clientEnd().read(ByteBuffer.allocate(1)) != -1) {
            throw new AssertionError("the server's end is open");
        }
        clientEnd().close();
    }

    /**
     * A handshake of which the server has not seen the end.
     *
     * @return the sequence number of its SYN-ACK
     */
    int request() throws IOException {
        return request(TcpSockets.deferringListener(vip));
    }

    /** The same for IPv4 packets that an IPv6 listener takes. */
    int requestOfIpv6Listener() throws IOException {
        return request(TcpSockets.deferringIpv6Listener(vip));
    }

    private int request(Fd listener) throws IOException {
        open.add(listener);
        try (Fd ear = TcpSockets.raw(new InetSocketAddress(client.getAddress(), 0))) {
            connect();
            return synAck(ear);
        }
    }

    /** The sequence number of the next SYN-ACK heard by IPv4. */
    static int synAck(Fd ear) {
        return synAck(ear, IPV4);
    }

    /**
     * The sequence number of the next SYN-ACK heard.
     *
     * @param header bytes before TCP in what is heard
     */
    static int synAck(Fd ear, int header) {
        int syns = TestFrames.SYN | TestFrames.ACK;
        while (true) {
            ByteBuffer packet = ByteBuffer.wrap(TcpSockets.receive(ear));
            if (packet.capacity() == 0) {
                throw new AssertionError("no SYN-ACK within a second");
            }
            if ((packet.get(header + 13) & syns) == syns) {
                return packet.getInt(header + 4);
            }
        }
    }

    /** The client's end of a flow. */
    void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        open.add(channel);
        clientEnd = channel;
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        // Closing it resets the flow, so that the next test finds the addresses free.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.bind(client);
        channel.connect(vip);
    }

    @Override
    public void close() {
        Collections.reverse(open);
        for (AutoCloseable socket : open) {
            try {
                socket.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
