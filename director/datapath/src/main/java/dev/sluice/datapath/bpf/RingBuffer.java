package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Consumer;

/** The reading end of a map of type {@link BpfMap.Type#RING}. Owned by one thread. */
public final class RingBuffer implements AutoCloseable {
    private static final int CONTINUE = 0;

    private final String name;
    private final Arena arena = Arena.ofConfined();
    private final Consumer<byte[]> consumer;
    private final MemorySegment handle;

    public interface Sample {
        int call(MemorySegment context, MemorySegment data, long size);
    }

    /**
     * @param consumer of each record, called by {@link #poll}; it must not throw, for libbpf stands
     *     between
     */
    public RingBuffer(String name, BpfMap ring, Consumer<byte[]> consumer) {
        this.name = name;
        this.consumer = consumer;
        MemorySegment sample = Native.callback(Sample.class, this::onSample, arena);
        this.handle =
                Libbpf.RING_NEW.call(ring.fd(), sample, MemorySegment.NULL, MemorySegment.NULL);
        if (handle.address() == 0) {
            arena.close();
            throw new DatapathException("cannot read the ring " + name);
        }
    }

    private int onSample(MemorySegment context, MemorySegment data, long size) {
        consumer.accept(data.reinterpret(size).toArray(ValueLayout.JAVA_BYTE));
        return CONTINUE;
    }

    /** Hands over what is there, and waits for it if that is nothing. */
    public void poll(Duration patience) {
        int result = Libbpf.RING_POLL.call(handle, (int) patience.toMillis());
        if (result != -Errno.EINTR) {
            Errno.check(result, "read the ring " + name);
        }
    }

    @Override
    public void close() {
        Libbpf.RING_FREE.call(handle);
        arena.close();
    }
}
