package dev.sluice.datapath.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map in the kernel. Keys and values are segments of exactly {@link #keySize} and {@link
 * #valueSize} bytes. Closing it closes this process's descriptor; a pin or a program keeps the map.
 */
public final class BpfMap implements AutoCloseable {
    private static final int INFO_LENGTH = 80;
    private static final int OPTIONS_LENGTH = 48;

    private final String name;
    private final Fd fd;
    private final Type type;
    private final int keySize;
    private final int valueSize;
    private final int entries;

    /** The map types in use, with the kernel's numbers. */
    public enum Type {
        HASH(1),
        ARRAY(2),
        /** Of programs, for tail calls. */
        PROGRAM_ARRAY(3),
        PERCPU_ARRAY(6),
        LRU_HASH(9),
        ARRAY_OF_MAPS(12),
        /** From programs to one reader: {@link RingBuffer}. */
        RING(27);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        private static Type of(int number) {
            for (Type type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            throw new DatapathException("a map of type " + number + " is none of ours");
        }
    }

    BpfMap(String name, Fd fd) {
        this.name = name;
        this.fd = fd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = info(fd.number(), name, arena);
            this.type = Type.of(info.get(ValueLayout.JAVA_INT, 0));
            this.keySize = info.get(ValueLayout.JAVA_INT, 8);
            this.valueSize = info.get(ValueLayout.JAVA_INT, 12);
            this.entries = info.get(ValueLayout.JAVA_INT, 16);
        }
    }

    /** A new map that nothing refers to but the object returned. */
    public static BpfMap create(String name, Type type, int keySize, int valueSize, int entries) {
        Native.library(Libbpf.SONAME);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = arena.allocate(OPTIONS_LENGTH, 8);
            options.set(ValueLayout.JAVA_LONG, 0, OPTIONS_LENGTH);
            int fd =
                    Libbpf.MAP_CREATE.call(
                            type.number,
                            arena.allocateFrom(name),
                            keySize,
                            valueSize,
                            entries,
                            options);
            return new BpfMap(name, new Fd(Errno.check(fd, "create the map " + name)));
        }
    }

    /** Opens the map that another process or an earlier one pinned. */
    public static BpfMap openPinned(String name, Path pin) {
        return new BpfMap(name, BpfFs.open(pin));
    }

    public int fd() {
        return fd.number();
    }

    public int keySize() {
        return keySize;
    }

    /** Of one CPU, in a per-CPU map. */
    public int valueSize() {
        return valueSize;
    }

    public void pin(Path path) {
        BpfFs.pin(fd.number(), path);
    }

    /** Inserts or replaces. */
    public void put(MemorySegment key, MemorySegment value) {
        check(key, value.byteSize() == valueBytes());
        Errno.check(Libbpf.MAP_UPDATE.call(fd.number(), key, value, 0), "write to the map " + name);
    }

    /** In a map of maps: makes an inner map visible to programs, in one step. */
    public void put(MemorySegment key, BpfMap inner) {
        try (Arena arena = Arena.ofConfined()) {
            put(key, arena.allocateFrom(ValueLayout.JAVA_INT, inner.fd()));
        }
    }

    /** In an array of programs: what a tail call to this index goes to. */
    public void put(MemorySegment key, BpfProgram program) {
        try (Arena arena = Arena.ofConfined()) {
            put(key, arena.allocateFrom(ValueLayout.JAVA_INT, program.fd()));
        }
    }

    /**
     * @return the value in memory of {@code arena}; of a per-CPU map those of all CPUs, one after
     *     the other
     */
    public Optional<MemorySegment> get(MemorySegment key, Arena arena) {
        check(key, true);
        MemorySegment value = arena.allocate(valueBytes(), 8);
        int result = Libbpf.MAP_LOOKUP.call(fd.number(), key, value);
        if (result == -Errno.ENOENT) {
            return Optional.empty();
        }
        Errno.check(result, "read the map " + name);
        return Optional.of(value);
    }

    /** All values of an array in their order, as {@link #get} gives one, by a single call. */
    public MemorySegment values(Arena arena) {
        MemorySegment values = arena.allocate(valueBytes() * entries, 8);
        MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_INT, entries);
        int result =
                Libbpf.MAP_LOOKUP_BATCH.call(
                        fd.number(),
                        MemorySegment.NULL,
                        arena.allocate(keySize, 8),
                        arena.allocate((long) keySize * entries, 8),
                        values,
                        count,
                        MemorySegment.NULL);
        // "No entry" says that the end was reached.
        if (result != -Errno.ENOENT) {
            Errno.check(result, "read the map " + name);
        }
        return values;
    }

    /** In a per-CPU array: makes the values of an index all zero. */
    public void clear(int index) {
        try (Arena arena = Arena.ofConfined()) {
            put(arena.allocateFrom(ValueLayout.JAVA_INT, index), arena.allocate(valueBytes(), 8));
        }
    }

    /** In a map of maps: a descriptor of the inner map, for the caller to close. */
    public Optional<BpfMap> inner(MemorySegment key) {
        try (Arena arena = Arena.ofConfined()) {
            return get(key, arena)
                    .map(id -> Libbpf.MAP_BY_ID.call(id.get(ValueLayout.JAVA_INT, 0)))
                    .map(fd -> new Fd(Errno.check(fd, "open an inner map of " + name)))
                    .map(fd -> new BpfMap(name + " entry", fd));
        }
    }

    /**
     * @return whether the key was there
     */
    public boolean remove(MemorySegment key) {
        check(key, true);
        int result = Libbpf.MAP_DELETE.call(fd.number(), key);
        if (result == -Errno.ENOENT) {
            return false;
        }
        Errno.check(result, "delete from the map " + name);
        return true;
    }

    /** All keys, in memory of {@code arena}; for maps that only this thread changes. */
    public List<MemorySegment> keys(Arena arena) {
        List<MemorySegment> keys = new ArrayList<>();
        MemorySegment last = MemorySegment.NULL;
        while (true) {
            MemorySegment next = arena.allocate(keySize, 8);
            int result = Libbpf.MAP_NEXT_KEY.call(fd.number(), last, next);
            if (result == -Errno.ENOENT) {
                return keys;
            }
            Errno.check(result, "list the map " + name);
            keys.add(next);
            last = next;
        }
    }

    private long valueBytes() {
        if (type != Type.PERCPU_ARRAY) {
            return valueSize;
        }
        int cpus = Errno.check(Libbpf.POSSIBLE_CPUS.call(), "count the CPUs");
        return (long) ((valueSize + 7) & ~7) * cpus;
    }

    private void check(MemorySegment key, boolean valueFits) {
        if (key.byteSize() != keySize || !valueFits) {
            throw new IllegalArgumentException(
                    "the map "
                            + name
                            + " has keys of "
                            + keySize
                            + " and values of "
                            + valueBytes()
                            + " bytes");
        }
    }

    /** The kernel's description of an object: {@code struct bpf_map_info} or its like. */
    static MemorySegment info(int fd, String name, Arena arena) {
        MemorySegment info = arena.allocate(INFO_LENGTH, 8);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, INFO_LENGTH);
        Errno.check(Libbpf.INFO.call(fd, info, length), "describe " + name);
        return info;
    }

    @Override
    public void close() {
        fd.close();
    }
}
