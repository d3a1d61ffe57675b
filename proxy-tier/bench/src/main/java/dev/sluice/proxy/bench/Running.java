package dev.sluice.proxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy's process, and what it uses, all of its threads and children together. */
final class Running implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long PAUSE_MS = 50;

    private final Peer peer;
    private final Site site;
    private final Process process;

    private Running(Peer peer, Site site, Process process) {
        this.peer = peer;
        this.site = site;
        this.process = process;
    }

    /** Waits until both of its ports are open. */
    static Running start(Peer peer, Site site) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(peer.command(site))
                        .directory(site.folder().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(site.folder().resolve("output.log").toFile())
                        .start();
        Running running = new Running(peer, site, process);
        try {
            running.awaitPort(site.plain());
            running.awaitPort(site.tls());
            return running;
        } catch (IOException | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    private void awaitPort(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isOpen(port)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                String said = Files.readString(site.folder().resolve("output.log"));
                throw new IOException(peer.title() + " does not serve: " + said.strip());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    Peer peer() {
        return peer;
    }

    Site site() {
        return site;
    }

    /** Nanoseconds on a CPU, by the scheduler's own account. */
    long cpuNanos() {
        return processes().mapToLong(Running::cpuNanos).sum();
    }

    /** Resident memory. */
    long residentBytes() {
        return processes().mapToLong(Running::residentBytes).sum();
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static long cpuNanos(ProcessHandle process) {
        Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.mapToLong(Running::threadNanos).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long threadNanos(Path thread) {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            // A thread that ended meanwhile.
            return 0;
        }
    }

    private static long residentBytes(ProcessHandle process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
