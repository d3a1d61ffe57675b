package dev.sluice.cli;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a control process tells again and again. One that is stopped keeps its sockets and says
 * nothing, for ever: so silence ends the call with UNAVAILABLE, and another one can be asked.
 */
final class LiveReplies<T> implements Iterator<T> {
    private final BlockingClientCall<?, T> call;
    private final Duration patience;
    private @Nullable T next;

    /**
     * @param patience much more than there is between two replies
     */
    LiveReplies(BlockingClientCall<?, T> call, Duration patience) {
        this.call = call;
        this.patience = patience;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T reply = Objects.requireNonNull(next);
        next = null;
        return reply;
    }

    private @Nullable T read() {
        try {
            return call.read(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (StatusException e) {
            throw e.getStatus().asRuntimeException(e.getTrailers());
        } catch (TimeoutException e) {
            call.cancel("silence", e);
            throw Status.UNAVAILABLE
                    .withDescription("it has said nothing for " + patience.toSeconds() + " s")
                    .asRuntimeException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel("interrupted", e);
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        }
    }
}
