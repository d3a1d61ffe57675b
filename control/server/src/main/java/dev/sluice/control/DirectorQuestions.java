package dev.sluice.control;

import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.zookeeper.QuestionStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Asks all directors that take part, through ZooKeeper. Blocks; any thread. */
final class DirectorQuestions {
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Supplier<ClusterView> view;
    private final QuestionStore store;

    DirectorQuestions(Supplier<ClusterView> view, QuestionStore store) {
        this.view = view;
        this.store = store;
    }

    /**
     * One answer of each director that is not withdrawn, by id; of one that does not answer, the
     * reason.
     */
    List<DirectorAnswer> ask(Question question) throws StoreException, InterruptedException {
        Map<String, DirectorMember> present = view.get().directorMembers();
        List<String> asked = present();
        String id = UUID.randomUUID().toString();
        store.ask(id, question);
        try {
            Map<String, DirectorAnswer> answers = await(id, asked);
            return view.get().directors().values().stream()
                    .filter(d -> !d.withdrawn())
                    .map(DirectorRecord::id)
                    .map(d -> answers.getOrDefault(d, silent(d, present.containsKey(d))))
                    .toList();
        } finally {
            store.withdraw(id);
        }
    }

    private List<String> present() {
        ClusterView now = view.get();
        return now.directors().values().stream()
                .filter(d -> !d.withdrawn() && now.directorMembers().containsKey(d.id()))
                .map(DirectorRecord::id)
                .toList();
    }

    private Map<String, DirectorAnswer> await(String id, Collection<String> directors)
            throws StoreException, InterruptedException {
        Map<String, DirectorAnswer> answers = new HashMap<>();
        List<String> awaited = new ArrayList<>(directors);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!awaited.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(PAUSE);
            for (String director : List.copyOf(awaited)) {
                if (store.read(id, director) instanceof Seen.Value<DirectorAnswer> answer) {
                    answers.put(director, answer.value());
                    awaited.remove(director);
                }
            }
        }
        return answers;
    }

    private static DirectorAnswer silent(String director, boolean wasAsked) {
        return DirectorAnswer.newBuilder()
                .setDirector(director)
                .setProblem(
                        wasAsked
                                ? "no answer within " + PATIENCE.toSeconds() + " s; see its log"
                                : "no session: its host may still forward; ask there with"
                                        + " 'sluice director trace'")
                .build();
    }
}
