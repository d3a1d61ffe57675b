package dev.sluice.datapath.bpf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A program that the kernel runs over its own objects when somebody reads a file. */
public final class BpfIterator {
    private static final int ATTACH_TYPE_ITERATOR = 28;

    private BpfIterator() {}

    /** Makes the file. Reading it lists what is in the reader's network namespace. */
    public static void pin(BpfProgram program, Path path) {
        int link =
                Libbpf.LINK_CREATE.call(program.fd(), 0, ATTACH_TYPE_ITERATOR, MemorySegment.NULL);
        try (Fd fd = new Fd(Errno.check(link, "attach an iterator"))) {
            BpfFs.pin(fd.number(), path);
        }
    }
}
