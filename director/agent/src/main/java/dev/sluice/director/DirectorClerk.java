package dev.sluice.director;

import dev.sluice.cluster.node.AnswerDesk;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.record.Question;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.io.IOException;

/** Answers for a director. Reads what is pinned in the kernel; changes nothing. */
record DirectorClerk(DirectorConfig config) implements AnswerDesk.Clerk<Question, DirectorAnswer> {
    @Override
    public DirectorAnswer answer(Question question) {
        DirectorAnswer.Builder answer = signed();
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
        return answer.build();
    }

    @Override
    public DirectorAnswer unreadable(String problem) {
        return signed().setProblem("cannot read the question: " + problem).build();
    }

    private DirectorAnswer.Builder signed() {
        return DirectorAnswer.newBuilder().setDirector(config.node().id());
    }
}
