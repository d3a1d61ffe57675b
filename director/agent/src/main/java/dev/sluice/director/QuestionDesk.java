package dev.sluice.director;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.zookeeper.QuestionStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers what control processes ask this director, one question after the other on a thread of its
 * own, so that no table waits for it. Reads what is pinned in the kernel; changes nothing.
 */
final class QuestionDesk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QuestionDesk.class);

    /** More than that go unanswered: whoever asks says so. */
    private static final int WAITING = 16;

    private final DirectorConfig config;
    private final QuestionStore questions;
    private final ThreadPoolExecutor clerk =
            new ThreadPoolExecutor(
                    0,
                    1,
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING),
                    Thread.ofPlatform().daemon().name("sluice-questions").factory());

    QuestionDesk(DirectorConfig config, QuestionStore questions) {
        this.config = config;
        this.questions = questions;
    }

    /** Before the store starts. */
    void open() {
        questions.watch(this::onQuestion);
    }

    private void onQuestion(Seen<Question> seen) {
        try {
            switch (seen) {
                case Seen.Value<Question> asked ->
                        clerk.execute(() -> answer(asked.name(), asked.value()));
                case Seen.Gone<Question> gone -> clerk.execute(() -> forget(gone.name()));
                case Seen.Corrupt<Question> corrupt ->
                        clerk.execute(() -> refuse(corrupt.name(), corrupt.problem().toString()));
            }
        } catch (RejectedExecutionException e) {
            log.atWarn().addKeyValue("question", seen.name()).log("question.not_answered");
        }
    }

    private void answer(String id, Question question) {
        DirectorAnswer.Builder answer = DirectorAnswer.newBuilder().setDirector(config.node().id());
        try {
            switch (question) {
                case Question.Trace trace ->
                        answer.setTrace(
                                Answers.of(new TraceCommand(config).carryOut(trace.flow())));
                case Question.Counters ignored -> {
                    try (PinnedDatapath<DirectorCounter> datapath =
                            PinnedDatapath.director(config.node().datapath().pins())) {
                        answer.setCounters(Answers.of(datapath.counts()));
                    }
                }
            }
        } catch (IOException | DatapathException e) {
            answer.setProblem(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.setProblem("this director stops");
        }
        write(id, answer.build());
    }

    private void refuse(String id, String problem) {
        write(
                id,
                DirectorAnswer.newBuilder()
                        .setDirector(config.node().id())
                        .setProblem("cannot read the question: " + problem)
                        .build());
    }

    private void write(String id, DirectorAnswer answer) {
        try {
            questions.answer(id, answer);
        } catch (StoreException e) {
            log.atWarn().addKeyValue("why", e.getMessage()).log("question.not_answered");
        }
    }

    private void forget(String id) {
        try {
            questions.forget(id, config.node().id());
        } catch (StoreException e) {
            // It ends with the session.
            log.atDebug().addKeyValue("why", e.getMessage()).log("answer.not_forgotten");
        }
    }

    @Override
    public void close() {
        clerk.shutdownNow();
    }
}
