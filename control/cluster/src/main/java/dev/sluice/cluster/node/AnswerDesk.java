package dev.sluice.cluster.node;

import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers what control processes ask a node, one question after the other on a thread of its own,
 * so that nothing else waits for it.
 */
public final class AnswerDesk<Q, A> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AnswerDesk.class);

    /** More than that go unanswered: whoever asks says so. */
    private static final int WAITING = 16;

    private final String node;
    private final Inquiries<Q, A> inquiries;
    private final Clerk<Q, A> clerk;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(
                    0,
                    1,
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING),
                    Thread.ofPlatform().daemon().name("sluice-questions").factory());

    /** Who knows. On the desk's thread; may block. */
    public interface Clerk<Q, A> {
        /** An answer always: that it failed is one, too. */
        A answer(Q question);

        /** To a question that cannot be read. */
        A unreadable(String problem);
    }

    /**
     * @param node the id that answers are signed with
     */
    public AnswerDesk(String node, Inquiries<Q, A> inquiries, Clerk<Q, A> clerk) {
        this.node = node;
        this.inquiries = inquiries;
        this.clerk = clerk;
    }

    /** Before the store starts. */
    public void open() {
        inquiries.watch(this::onQuestion);
    }

    private void onQuestion(Seen<Q> seen) {
        try {
            switch (seen) {
                case Seen.Value<Q> asked ->
                        worker.execute(() -> write(asked.name(), clerk.answer(asked.value())));
                case Seen.Gone<Q> gone -> worker.execute(() -> forget(gone.name()));
                case Seen.Corrupt<Q> corrupt ->
                        worker.execute(() ->
                                write(
                                        corrupt.name(),
                                        clerk.unreadable(corrupt.problem().toString())));
            }
        } catch (RejectedExecutionException e) {
            log.atWarn().addKeyValue("question", seen.name()).log("question.not_answered");
        }
    }

    private void write(String id, A answer) {
        try {
            inquiries.answer(id, node, answer);
        } catch (StoreException e) {
            log.atWarn().addKeyValue("why", e.getMessage()).log("question.not_answered");
        }
    }

    private void forget(String id) {
        try {
            inquiries.forget(id, node);
        } catch (StoreException e) {
            // It ends with the session.
            log.atDebug().addKeyValue("why", e.getMessage()).log("answer.not_forgotten");
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
