package dev.sluice.control;

import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.DirectorReport;
import dev.sluice.proto.admin.v1.ListDirectorsReply;
import dev.sluice.proto.admin.v1.TraceFlowReply;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What an operator is told about the directors. Blocks while they are asked; any thread. */
final class DirectorReports {
    private final Supplier<ClusterView> view;
    private final DirectorQuestions questions;
    private final String control;
    private final InstantSource clock;

    DirectorReports(
            Supplier<ClusterView> view,
            DirectorQuestions questions,
            String control,
            InstantSource clock) {
        this.view = view;
        this.questions = questions;
        this.control = control;
        this.clock = clock;
    }

    Answer<TraceFlowReply> trace(FlowKey flow) throws StoreException, InterruptedException {
        TraceFlowReply.Builder reply =
                TraceFlowReply.newBuilder()
                        .addAllDirectors(questions.ask(new Question.Trace(control, flow)));
        view.get().directors().values().stream()
                .filter(DirectorRecord::withdrawn)
                .forEach(d -> reply.addWithdrawn(d.id()));
        return new Answer.Done<>(reply.build());
    }

    Answer<ListDirectorsReply> list(boolean counters) throws StoreException, InterruptedException {
        Map<String, DirectorAnswer> answers = new HashMap<>();
        if (counters) {
            questions
                    .ask(new Question.Counters(control))
                    .forEach(answer -> answers.put(answer.getDirector(), answer));
        }
        ListDirectorsReply.Builder reply =
                ListDirectorsReply.newBuilder().setUnixMs(clock.millis());
        ClusterView now = view.get();
        now.directors()
                .values()
                .forEach(d ->
                        reply.addDirectors(
                                report(
                                        now,
                                        d,
                                        answers.getOrDefault(
                                                d.id(), DirectorAnswer.getDefaultInstance()))));
        return new Answer.Done<>(reply.build());
    }

    private static DirectorReport report(
            ClusterView view, DirectorRecord director, DirectorAnswer answer) {
        DirectorReport.Builder report =
                DirectorReport.newBuilder()
                        .setStatus(StatusReport.director(view, director))
                        .putAllAcknowledged(director.acknowledged())
                        .setProblem(answer.getProblem());
        if (answer.hasCounters()) {
            report.setCounters(answer.getCounters());
        }
        return report.build();
    }
}
