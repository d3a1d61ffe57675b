package dev.sluice.datapath;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** A network namespace of a test: with loopback up, gone when closed. */
final class TestNamespace implements AutoCloseable {
    private final NetworkNamespace namespace;

    private TestNamespace(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** What a crashed run left under the name is replaced. */
    static TestNamespace create(String name) {
        Shell.status("ip", "netns", "del", name);
        Shell.run("ip", "netns", "add", name);
        TestNamespace created = new TestNamespace(new NetworkNamespace(name));
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
        String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = name();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Shell.run(command);
    }

    void sysctl(String setting) {
        Shell.run("nsenter", "--net=/run/netns/" + name(), "sysctl", "-qw", setting);
    }

    /** What the task throws comes out as it is. */
    <T> T call(Callable<T> task) {
        try {
            return namespace.call(task);
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

    @Override
    public void close() {
        Shell.run("ip", "netns", "del", name());
    }
}
