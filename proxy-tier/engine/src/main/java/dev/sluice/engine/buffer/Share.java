package dev.sluice.engine.buffer;

import dev.sluice.cluster.l7.L7Config.Buffers;

/** What one request has taken of the common accounts. Confined to an event loop. */
public final class Share {
    private final Account memory;
    private final Account file;
    private final Buffers limits;
    private long memoryBytes;
    private long fileBytes;

    Share(Account memory, Account file, Buffers limits) {
        this.memory = memory;
        this.file = file;
        this.limits = limits;
    }

    /** False, and nothing is taken, if there is no room. */
    public boolean takeMemory(long bytes) {
        boolean taken = memory.take(bytes, limits.memoryBytes());
        memoryBytes += taken ? bytes : 0;
        return taken;
    }

    /** Bytes of the memory that go into a file; false, and none do, if there is no room. */
    public boolean takeFile(long bytes) {
        boolean taken = file.take(bytes, limits.fileBytes());
        fileBytes += taken ? bytes : 0;
        return taken;
    }

    /** Gives back what was taken, of as many bytes: there may have been no room for all. */
    public void giveMemory(long bytes) {
        long taken = Math.min(bytes, memoryBytes);
        memory.give(taken);
        memoryBytes -= taken;
    }

    /** Gives back all that is left. */
    public void giveAll() {
        giveMemory(memoryBytes);
        file.give(fileBytes);
        fileBytes = 0;
    }
}
