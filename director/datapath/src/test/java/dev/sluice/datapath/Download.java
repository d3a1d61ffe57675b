package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client's connection to the VIP that checks every byte it gets. */
final class Download implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    private static final int WINDOW = 1 << 16;
    private static final int CONNECT_MILLIS = 60_000;
    private final SocketChannel channel;
    private final int server;
    private long position;

    Download(TestNamespace client, FlowKey flow) {
        this.channel = client.call(() -> connect(flow));
        try {
            this.server = readFully(1).get(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SocketChannel connect(FlowKey flow) throws IOException {
        SocketChannel channel = SocketChannel.open();
        // Fewer segments and acknowledgements under way than the 256 frames that a veth queues.
        channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
        channel.bind(new InetSocketAddress(flow.source().inet(), flow.sourcePort()));
        InetSocketAddress vip =
                new InetSocketAddress(flow.destination().inet(), flow.destinationPort());
        channel.socket().connect(vip, CONNECT_MILLIS);
        return channel;
    }

    static FlowKey flow(int port) {
        return new FlowKey(
                Protocol.TCP, Fabric.address(Fabric.CLIENT), port, TestPools.VIP, TestPools.PORT);
    }

    static FlowKey flow6(int port) {
        return new FlowKey(
                Protocol.TCP, Fabric.address6(Fabric.CLIENT), port, TestPools.VIP6, TestPools.PORT);
    }

    /** The number of the proxy that answered. */
    int server() {
        return server;
    }

    void read(long bytes) throws IOException {
        for (long end = position + bytes; position < end; ) {
            ByteBuffer chunk = readFully((int) Math.min(CHUNK, end - position));
            for (int i = 0; i < chunk.capacity(); i++) {
                if (chunk.get(i) != StreamServer.at(position + i)) {
                    assertThat(chunk.get(i))
                            .as("byte %d", position + i)
                            .isEqualTo(StreamServer.at(position + i));
                }
            }
            position += chunk.capacity();
        }
    }

    private ByteBuffer readFully(int bytes) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(bytes);
        while (chunk.hasRemaining()) {
            if (channel.read(chunk) < 0) {
                throw new IOException("the connection ended at byte " + position);
            }
        }
        return chunk;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
