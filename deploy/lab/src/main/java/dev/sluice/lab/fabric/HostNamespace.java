package dev.sluice.lab.fabric;

import dev.sluice.datapath.NetworkNamespace;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * A way into a node's network namespace for code of this process. Thread-safe.
 *
 * @param name as {@code ip netns} shows it
 */
public record HostNamespace(String name) {

    /** Something to do there that gives no value. */
    public interface Task {
        void run() throws IOException;
    }

    /** Does it on a thread that lives in the namespace, and waits for it. */
    public <T> T call(Callable<T> task) throws IOException {
        try {
            return new NetworkNamespace(name).call(task);
        } catch (ExecutionException e) {
            throw new IOException("in the namespace " + name + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while in the namespace " + name, e);
        }
    }

    public void run(Task task) throws IOException {
        call(() -> {
            task.run();
            return name;
        });
    }

    /**
     * An unconnected IPv4 TCP socket of this namespace: it belongs to the thread that creates it,
     * and any thread may use it then.
     */
    public SocketChannel openTcp() throws IOException {
        return call(() -> SocketChannel.open(StandardProtocolFamily.INET));
    }

    /** The same of IPv6. */
    public SocketChannel openTcp6() throws IOException {
        return call(() -> SocketChannel.open(StandardProtocolFamily.INET6));
    }
}
