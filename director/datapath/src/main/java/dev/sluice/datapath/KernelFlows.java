package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.BpfIterator;
import dev.sluice.datapath.bpf.BpfObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernel's TCP sockets, in the network namespace of the thread that asks. Request sockets,
 * accept queues and orphans are among them. Safe for use by several threads.
 */
public final class KernelFlows {
    private static final int RECORD_LENGTH = 40;
    private final Path pin;

    private KernelFlows(Path pin) {
        this.pin = pin;
    }

    /** States as the kernel numbers them. */
    public enum State {
        ESTABLISHED(1),
        SYN_SENT(2),
        /** A client's end of a simultaneous open, or TCP Fast Open. */
        SYN_RECV(3),
        FIN_WAIT1(4),
        FIN_WAIT2(5),
        /** Also an orphan in FIN_WAIT2, of which nothing but the client's FIN is missing. */
        TIME_WAIT(6),
        CLOSE(7),
        CLOSE_WAIT(8),
        LAST_ACK(9),
        LISTEN(10),
        CLOSING(11),
        /** A handshake that waits for its last packet: a request socket. */
        REQUEST(12),
        /** One that this version does not know; it counts as a flow. */
        OTHER(-1);

        private final int number;

        State(int number) {
            this.number = number;
        }

        static State of(int number) {
            for (State state : values()) {
                if (state.number == number) {
                    return state;
                }
            }
            return OTHER;
        }

        /** Whether a packet of the flow finds a socket with something to lose. */
        public boolean isLive() {
            return this != LISTEN && this != TIME_WAIT;
        }
    }

    /**
     * @param key with the remote end as source, as packets from a client have it
     */
    public record Socket(FlowKey key, State state) {}

    /**
     * Loads the lister and pins it.
     *
     * @param pin a file below /sys/fs/bpf; an earlier one is replaced
     */
    public static KernelFlows open(Path pin) {
        Path directory = pin.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("not a file below " + BpfFs.ROOT + ": " + pin);
        }
        BpfFs.createDirectory(directory);
        try (BpfObject object = BpfObject.open(KernelFlows.class, "sockets.bpf.o")) {
            object.load();
            if (Files.exists(pin)) {
                BpfFs.remove(pin);
            }
            BpfIterator.pin(object.program("sockets"), pin);
        }
        return new KernelFlows(pin);
    }

    /** Every socket, listeners included. */
    public List<Socket> sockets() {
        byte[] records = read();
        ByteBuffer buffer = ByteBuffer.wrap(records).order(ByteOrder.BIG_ENDIAN);
        List<Socket> sockets = new ArrayList<>(records.length / RECORD_LENGTH);
        while (buffer.remaining() >= RECORD_LENGTH) {
            sockets.add(socket(buffer));
        }
        return sockets;
    }

    /** What a report of held rows counts: every state but LISTEN and TIME_WAIT. */
    public List<FlowKey> liveFlows() {
        return sockets().stream().filter(s -> s.state().isLive()).map(Socket::key).toList();
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(pin);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the kernel's sockets by " + pin, e);
        }
    }

    private static Socket socket(ByteBuffer record) {
        byte[] local = new byte[Addresses.LENGTH];
        byte[] remote = new byte[Addresses.LENGTH];
        record.get(local).get(remote);
        int localPort = Short.toUnsignedInt(record.getShort());
        int remotePort = Short.toUnsignedInt(record.getShort());
        State state = State.of(Short.reverseBytes(record.getShort()));
        int length = Short.reverseBytes(record.getShort()) == 4 ? 4 : Addresses.LENGTH;
        FlowKey key =
                new FlowKey(
                        Protocol.TCP,
                        Address.of(Arrays.copyOf(remote, length)),
                        remotePort,
                        Address.of(Arrays.copyOf(local, length)),
                        localPort);
        return new Socket(key, state);
    }
}
