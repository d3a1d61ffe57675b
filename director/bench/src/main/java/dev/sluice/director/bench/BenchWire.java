package dev.sluice.director.bench;

import dev.sluice.datapath.NetworkNamespace;
import dev.sluice.datapath.bpf.BpfProgram;
import dev.sluice.datapath.bpf.XdpLink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A veth pair in a network namespace of its own: what goes out of {@link #NEAR} comes in at {@link
 * #FAR}. Gone when closed.
 */
final class BenchWire implements AutoCloseable {
    static final String NEAR = "near";
    static final String FAR = "far";

    /** Above the largest frame with headers; an XDP program allows not much more. */
    private static final int MTU = 3000;

    private final NetworkNamespace namespace;

    private BenchWire(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    static BenchWire create() throws IOException {
        String name = "sluice-bench-" + ProcessHandle.current().pid();
        ip("netns", "add", name);
        BenchWire wire = new BenchWire(new NetworkNamespace(name));
        try {
            String mtu = Integer.toString(MTU);
            ip(
                    "-n", name, "link", "add", NEAR, "mtu", mtu, "type", "veth", "peer", "name",
                    FAR, "mtu", mtu);
            // Its neighbour discovery would be counted among our frames.
            run(
                    "nsenter",
                    "--net=/run/netns/" + name,
                    "sysctl",
                    "-qw",
                    "net.ipv6.conf.all.disable_ipv6=1");
            ip("-n", name, "link", "set", NEAR, "up");
            ip("-n", name, "link", "set", FAR, "up");
            return wire;
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    private static void ip(String... arguments) throws IOException {
        run(Stream.concat(Stream.of("ip"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Lets a program take what arrives. In the namespace. */
    static XdpLink attachFar(BpfProgram program) {
        return XdpLink.attach(program, FAR);
    }

    /** Does a task on a thread in the namespace. */
    <T> T call(Callable<T> task) throws IOException {
        try {
            return namespace.call(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        ip("netns", "del", namespace.name());
    }
}
