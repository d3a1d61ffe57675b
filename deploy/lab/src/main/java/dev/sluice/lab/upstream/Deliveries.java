package dev.sluice.lab.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes down every request that arrived, a line each, before it is answered: a server that dies
 * takes none with it. Thread-safe.
 */
final class Deliveries implements AutoCloseable {
    private final WritableByteChannel out;
    private final ReentrantLock lock = new ReentrantLock();

    private Deliveries(WritableByteChannel out) {
        this.out = out;
    }

    static Deliveries to(Path file) throws IOException {
        return new Deliveries(
                Files.newByteChannel(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND));
    }

    static Deliveries toNowhere() {
        return new Deliveries(Channels.newChannel(OutputStream.nullOutputStream()));
    }

    void add(String request) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            while (line.hasRemaining()) {
                out.write(line);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot end the file of deliveries", e);
        }
    }
}
