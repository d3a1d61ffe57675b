package dev.sluice.datapath.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The programs and maps of one compiled file: {@link #open}, then {@link #reuse} where maps exist
 * already, then {@link #load}. Owned by one thread. Closing it closes its descriptors; what is
 * pinned or attached stays.
 */
public final class BpfObject implements AutoCloseable {
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;
    private boolean closed;

    private BpfObject(String name, byte[] elf) {
        this.name = name;
        MemorySegment bytes = arena.allocate(elf.length, 8);
        bytes.copyFrom(MemorySegment.ofArray(elf));
        MemorySegment[] opened = {MemorySegment.NULL};
        LibbpfLog.check(
                "open " + name,
                () -> {
                    opened[0] =
                            Libbpf.OBJECT_OPEN.call(bytes, bytes.byteSize(), MemorySegment.NULL);
                    return opened[0].address() == 0 ? -Errno.EINVAL : 0;
                });
        this.handle = opened[0];
    }

    /**
     * @param owner whose package the resource is in
     * @param resource such as {@code director.bpf.o}
     */
    public static BpfObject open(Class<?> owner, String resource) {
        Native.library(Libbpf.SONAME);
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new DatapathException(
                        resource + " is not on the class path beside " + owner.getName());
            }
            return new BpfObject(resource, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** Before {@link #load}: lets the programs work on a map that exists. */
    public void reuse(String mapName, BpfMap existing) {
        Errno.check(
                Libbpf.MAP_REUSE_FD.call(findMap(mapName), existing.fd()),
                "reuse the map " + mapName + " in " + name);
    }

    /** Creates the maps and hands the programs to the verifier. */
    public void load() {
        LibbpfLog.check("load " + name, () -> Libbpf.OBJECT_LOAD.call(handle));
    }

    /** A map of the loaded object, with a descriptor of its own. */
    public BpfMap map(String mapName) {
        int fd = Errno.check(Libbpf.MAP_FD.call(findMap(mapName)), "find the map " + mapName);
        return new BpfMap(mapName, Libc.duplicate(fd));
    }

    /** A program of the loaded object; valid while the object is open. */
    public BpfProgram program(String programName) {
        MemorySegment program = find(Libbpf.FIND_PROGRAM, programName);
        int fd = Libbpf.PROGRAM_FD.call(program);
        return new BpfProgram(programName, Errno.check(fd, "find the program " + programName));
    }

    private MemorySegment findMap(String mapName) {
        return find(Libbpf.FIND_MAP, mapName);
    }

    private MemorySegment find(Libbpf.Find finder, String member) {
        try (Arena names = Arena.ofConfined()) {
            MemorySegment found = finder.call(handle, names.allocateFrom(member));
            if (found.address() == 0) {
                throw new IllegalArgumentException(name + " has no " + member);
            }
            return found;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libbpf.OBJECT_CLOSE.call(handle);
            arena.close();
        }
    }
}
