package dev.sluice.lab.fabric;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way into a network namespace for code of this process: one platform thread that lives in it. A
 * socket belongs to the namespace of the thread that creates it and may then be used on any thread.
 *
 * <p>Thread-safe; close it to end the thread. Sockets made by it stay usable.
 */
public final class NetworkNamespace implements AutoCloseable {
    private final ExecutorService thread;

    private NetworkNamespace(ExecutorService thread) {
        this.thread = thread;
    }

    /**
     * @param file such as {@code /run/netns/NAME}
     */
    public static NetworkNamespace enter(Path file) throws IOException {
        var factory = Thread.ofPlatform().daemon().name("netns-" + file.getFileName()).factory();
        var namespace = new NetworkNamespace(Executors.newSingleThreadExecutor(factory));
        try {
            namespace.call(() -> {
                Setns.enter(file);
                return file;
            });
        } catch (IOException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    /** Runs {@code body} on the namespace's thread and waits for it. */
    public <T> T call(Callable<T> body) throws IOException {
        try {
            return thread.submit(body).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a network namespace", e);
        }
    }

    /** An unconnected IPv4 TCP socket of this namespace. */
    public SocketChannel openTcp() throws IOException {
        return call(() -> SocketChannel.open(StandardProtocolFamily.INET));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
