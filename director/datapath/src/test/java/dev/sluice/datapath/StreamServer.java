package dev.sluice.datapath;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Answers each connection with its own number and then, as long as the client reads, with bytes
 * that say where in the stream they are.
 */
final class StreamServer implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    private final ServerSocketChannel listener;

    /** In the namespace of a proxy, on its VIPs. */
    StreamServer(TestNamespace namespace, int number) {
        this.listener =
                namespace.call(() ->
                        ServerSocketChannel.open().bind(new InetSocketAddress(TestPools.PORT)));
        namespace.namespace().thread("server-" + number, () -> accept(number)).start();
    }

    static byte at(long position) {
        return (byte) ((position * 31) >>> 8);
    }

    private void accept(int number) {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                Thread.ofPlatform().daemon().start(() -> stream(channel, number));
            }
        } catch (IOException expected) {
            // The listener is closed: the test is over.
        }
    }

    private static void stream(SocketChannel channel, int number) {
        try (channel) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) number}));
            for (long position = 0; ; position += CHUNK) {
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                for (int i = 0; i < CHUNK; i++) {
                    chunk.put(i, at(position + i));
                }
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        } catch (IOException expected) {
            // The client has read enough.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
