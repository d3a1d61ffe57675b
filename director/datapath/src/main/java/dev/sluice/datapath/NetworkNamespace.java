package dev.sluice.datapath;

import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A named network namespace, as {@code ip netns add} makes it. A device index, an XDP attachment
 * and a new socket belong to the namespace of the thread that asks for them.
 */
public record NetworkNamespace(String name) {

    /** A platform thread, not started, that enters the namespace and then does a task. */
    public Thread thread(String threadName, Runnable task) {
        return Thread.ofPlatform()
                .name(threadName)
                .daemon()
                .unstarted(() -> {
                    enter();
                    task.run();
                });
    }

    /**
     * Does a task in the namespace, on a thread of its own, and waits for it.
     *
     * @throws ExecutionException with what the task threw
     */
    public <T> T call(Callable<T> task) throws ExecutionException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(task);
        thread("in-" + name, future).start();
        return future.get();
    }

    /** Moves the calling platform thread there; it never comes back. */
    public void enter() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no namespace of its own");
        }
        try (Fd file = Libc.openReadOnly(Path.of("/run/netns", name).toString())) {
            Libc.enterNetworkNamespace(file.number());
        }
    }
}
