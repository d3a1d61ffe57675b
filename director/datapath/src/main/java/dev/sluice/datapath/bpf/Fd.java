package dev.sluice.datapath.bpf;

/** An open file descriptor. Closing twice is harmless; not safe for use by several threads. */
public final class Fd implements AutoCloseable {
    private static final int CLOSED = -1;
    private int number;

    Fd(int number) {
        this.number = number;
    }

    /**
     * @throws IllegalStateException if closed
     */
    public int number() {
        if (number == CLOSED) {
            throw new IllegalStateException("the file descriptor is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (number != CLOSED) {
            Libc.close(number);
            number = CLOSED;
        }
    }
}
