package dev.sluice.director;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pcap.PcapngWriter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.CapturedPacket;
import dev.sluice.datapath.DirectorCapture;
import dev.sluice.datapath.KernelClock;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes what this host's program does with packets. Blocks; one thread. */
final class CaptureCommand {
    /** How long after its death the kernel goes on, at most. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final DirectorConfig config;

    CaptureCommand(DirectorConfig config) {
        this.config = config;
    }

    /**
     * Flushed after every look, so an interrupted capture is a whole file.
     *
     * @param out not closed
     * @throws IOException if there is no datapath here, another process captures, or writing fails
     */
    DirectorRole.CaptureResult carryOut(DirectorRole.CaptureOrder order, OutputStream out)
            throws IOException {
        long end = System.nanoTime() + order.atMost().toNanos();
        long bootUnixNs = unixNanos() - KernelClock.nowNanos();
        try (DirectorCapture capture =
                DirectorCapture.open(config.node().datapath().pins(), order.filter(), LEASE)) {
            PcapngWriter writer = new PcapngWriter(out, config.node().id());
            writer.flush();
            long taken = 0;
            while (taken < order.count() && System.nanoTime() < end) {
                for (CapturedPacket packet : capture.poll(PAUSE)) {
                    if (taken < order.count()) {
                        taken++;
                        write(writer, packet, bootUnixNs, order.withOuterHeaders());
                    }
                }
                writer.flush();
            }
            return new DirectorRole.CaptureResult(taken, capture.missed());
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    private static void write(
            PcapngWriter writer, CapturedPacket packet, long bootUnixNs, boolean withOuterHeaders)
            throws IOException {
        CapturedPacket shown = withOuterHeaders ? packet : packet.withoutOuterHeaders();
        writer.write(bootUnixNs + packet.ktimeNs(), shown.frame(), shown.length(), comment(packet));
    }

    /** What the program did and by what, as {@code key value}. */
    static String comment(CapturedPacket packet) {
        StringBuilder text = new StringBuilder("verdict " + name(packet.verdict()));
        packet.pool().ifPresent(pool -> text.append("; pool ").append(pool));
        packet.bind().ifPresent(bind -> text.append("; bind ").append(bind));
        if (packet.isForwarded()) {
            text.append("; generation ").append(packet.generation());
            text.append("; hash ").append("%016x".formatted(packet.hash()));
            text.append("; row ").append(packet.row());
            text.append("; chain ");
            text.append(
                    packet.chain().stream()
                            .map(Address::toString)
                            .collect(Collectors.joining(" ")));
        }
        return text.toString();
    }

    private static String name(DirectorCounter verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
