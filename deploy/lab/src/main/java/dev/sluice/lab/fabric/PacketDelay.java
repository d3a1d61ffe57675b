package dev.sluice.lab.fabric;

import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets every packet of an NFQUEUE pass after a while, in order: a longer line, where the kernel has
 * no netem. Runs in the namespace of the thread that starts it, until it is interrupted or the
 * process ends; the kernel then lets packets pass at once.
 *
 * <p>Netlink messages of nfnetlink_queue (linux/netfilter/nfnetlink_queue.h): header of 16 bytes,
 * nfgenmsg of 4 with the queue's number last and big-endian, attributes.
 */
public final class PacketDelay implements AutoCloseable {
    private static final int NETLINK_NETFILTER = 12;
    private static final int SUBSYSTEM_QUEUE = 3 << 8;
    private static final int MESSAGE_PACKET = SUBSYSTEM_QUEUE;
    private static final int MESSAGE_VERDICT = SUBSYSTEM_QUEUE | 1;
    private static final int MESSAGE_CONFIG = SUBSYSTEM_QUEUE | 2;
    private static final int FLAG_REQUEST = 1;
    private static final int HEAD = 20;
    private static final int CONFIG_COMMAND = 1;
    private static final int CONFIG_PARAMETERS = 2;
    private static final int CONFIG_MAX_LENGTH = 3;
    private static final byte COMMAND_BIND = 1;
    private static final byte COPY_META = 1;
    private static final int ATTRIBUTE_PACKET_HEADER = 1;
    private static final int ATTRIBUTE_VERDICT = 2;
    private static final int ACCEPT = 1;
    private static final short FAMILY_IPV4 = 2;

    /** Beyond it the kernel drops, as a router with a full buffer would. */
    private static final int MAX_WAITING = 16_384;

    private final int queue;
    private final long delayNanos;
    private final Fd socket;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

    private PacketDelay(int queue, Duration delay, Fd socket) {
        this.queue = queue;
        this.delayNanos = delay.toNanos();
        this.socket = socket;
    }

    private record Waiting(int packet, long dueNanos) {}

    public static PacketDelay open(int queue, Duration delay) {
        PacketDelay line =
                new PacketDelay(
                        queue,
                        delay,
                        Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW_CLOEXEC, NETLINK_NETFILTER));
        line.configure();
        return line;
    }

    private void configure() {
        try (Arena arena = Arena.ofConfined()) {
            send(
                    message(
                            arena,
                            MESSAGE_CONFIG,
                            attribute(
                                    arena,
                                    CONFIG_COMMAND,
                                    4,
                                    body ->
                                            body.put(COMMAND_BIND)
                                                    .put((byte) 0)
                                                    .putShort(FAMILY_IPV4))));
            send(
                    message(
                            arena,
                            MESSAGE_CONFIG,
                            attribute(
                                    arena,
                                    CONFIG_PARAMETERS,
                                    5,
                                    body -> body.putInt(0).put(COPY_META))));
            send(
                    message(
                            arena,
                            MESSAGE_CONFIG,
                            attribute(
                                    arena,
                                    CONFIG_MAX_LENGTH,
                                    4,
                                    body -> body.putInt(MAX_WAITING))));
        }
    }

    private interface Body {
        ByteBuffer write(ByteBuffer body);
    }

    /** Length and type in this machine's order, the rest big-endian, padded to 4. */
    private static ByteBuffer attribute(Arena arena, int type, int length, Body body) {
        ByteBuffer attribute = bytes(arena, 4 + (length + 3) / 4 * 4);
        attribute.putShort((short) (4 + length)).putShort((short) type);
        var _ = body.write(attribute.slice().order(ByteOrder.BIG_ENDIAN));
        return attribute.clear();
    }

    private ByteBuffer message(Arena arena, int type, ByteBuffer attribute) {
        ByteBuffer message = bytes(arena, HEAD + attribute.remaining());
        message.putInt(message.capacity()).putShort((short) type).putShort((short) FLAG_REQUEST);
        message.position(HEAD - 4);
        message.putShort((short) 0).order(ByteOrder.BIG_ENDIAN).putShort((short) queue);
        return message.put(attribute).clear();
    }

    private static ByteBuffer bytes(Arena arena, int length) {
        return arena.allocate(length, 8).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private void send(ByteBuffer message) {
        Libc.send(socket, MemorySegment.ofBuffer(message));
    }

    /** Returns when interrupted, and then not before the next packet. */
    public void run() {
        Thread release = Thread.ofPlatform().daemon().name("release").start(this::release);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096, 8);
            while (!Thread.currentThread().isInterrupted()) {
                int length = Libc.receive(socket, buffer);
                take(buffer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder()));
            }
        } finally {
            release.interrupt();
        }
    }

    private void take(ByteBuffer message) {
        if (message.remaining() < HEAD || message.getShort(4) != MESSAGE_PACKET) {
            return;
        }
        for (int at = HEAD; at + 4 < message.limit(); ) {
            int length = message.getShort(at);
            if (message.getShort(at + 2) == ATTRIBUTE_PACKET_HEADER) {
                int packet = Integer.reverseBytes(message.getInt(at + 4));
                boolean ignored =
                        waiting.offer(new Waiting(packet, System.nanoTime() + delayNanos));
                return;
            }
            at += Math.max(4, (length + 3) / 4 * 4);
        }
    }

    private void release() {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer verdict =
                    message(
                            arena,
                            MESSAGE_VERDICT,
                            attribute(
                                    arena,
                                    ATTRIBUTE_VERDICT,
                                    8,
                                    body -> body.putInt(ACCEPT).putInt(0)));
            while (!Thread.currentThread().isInterrupted()) {
                Waiting next = waiting.take();
                for (long left = left(next); left > 0; left = left(next)) {
                    LockSupport.parkNanos(left);
                }
                verdict.order(ByteOrder.BIG_ENDIAN).putInt(HEAD + 8, next.packet());
                send(verdict);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long left(Waiting packet) {
        return packet.dueNanos() - System.nanoTime();
    }

    @Override
    public void close() {
        socket.close();
    }
}
