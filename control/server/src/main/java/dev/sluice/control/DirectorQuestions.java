package dev.sluice.control;

import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks all directors that take part, through ZooKeeper. Blocks; any thread. */
final class DirectorQuestions {
    private final Supplier<ClusterView> view;
    private final Inquiry<Question, DirectorAnswer> inquiry;

    DirectorQuestions(Supplier<ClusterView> view, Inquiries<Question, DirectorAnswer> inquiries) {
        this.view = view;
        this.inquiry = new Inquiry<>(inquiries);
    }

    /**
     * One answer of each director that is not withdrawn, by id; of one that does not answer, the
     * reason.
     */
    List<DirectorAnswer> ask(Question question) throws StoreException, InterruptedException {
        Map<String, DirectorMember> present = view.get().directorMembers();
        Map<String, DirectorAnswer> answers =
                inquiry.ask(
                        question,
                        present(),
                        director -> view.get().directorMembers().containsKey(director));
        return view.get().directors().values().stream()
                .filter(d -> !d.withdrawn())
                .map(DirectorRecord::id)
                .map(d -> answers.getOrDefault(d, silent(d, present.containsKey(d))))
                .toList();
    }

    private List<String> present() {
        ClusterView now = view.get();
        return now.directors().values().stream()
                .filter(d -> !d.withdrawn() && now.directorMembers().containsKey(d.id()))
                .map(DirectorRecord::id)
                .toList();
    }

    private static DirectorAnswer silent(String director, boolean wasAsked) {
        return DirectorAnswer.newBuilder()
                .setDirector(director)
                .setProblem(
                        wasAsked
                                ? "no answer within "
                                        + Inquiry.PATIENCE.toSeconds()
                                        + " s; see its log"
                                : "no session: its host may still forward; ask there with"
                                        + " 'sluice director trace'")
                .build();
    }
}
