package dev.sluice.datapath;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A network namespace of a test: with loopback up and one thread in it; gone when closed. */
final class TestNamespace implements AutoCloseable {
    private final NetworkNamespace namespace;
    private final ExecutorService thread;

    private TestNamespace(NetworkNamespace namespace) {
        this.namespace = namespace;
        this.thread =
                Executors.newSingleThreadExecutor(
                        task -> namespace.thread("in-" + namespace.name(), task));
    }

    /** What a crashed run left under the name is replaced. */
    static TestNamespace create(String name) {
        String own = Checkout.own(name);
        Shell.status("ip", "netns", "del", own);
        Shell.run("ip", "netns", "add", own);
        TestNamespace created = new TestNamespace(new NetworkNamespace(own));
        created.ip("link", "set", "lo", "up");
        return created;
    }

    String name() {
        return namespace.name();
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    void ip(String... arguments) {
        run(Stream.concat(Stream.of("ip"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    void sysctl(String... settings) {
        for (String setting : settings) {
            run("sysctl", "-qw", setting);
        }
    }

    String run(String... command) {
        return Shell.run(
                Stream.concat(
                                Stream.of("nsenter", "--net=/run/netns/" + name()),
                                Arrays.stream(command))
                        .toArray(String[]::new));
    }

    /** On the namespace's one thread. What the task throws comes out as it is. */
    <T> T call(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    void run(Runnable task) {
        call(Executors.callable(task));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        Shell.run("ip", "netns", "del", name());
    }
}
