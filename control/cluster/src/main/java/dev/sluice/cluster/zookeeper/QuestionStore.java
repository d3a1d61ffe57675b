package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.Question;
import dev.sluice.proto.cluster.v1.DirectorAnswer;

import java.util.function.Consumer;

/**
 * Questions to directors and their answers, so that no director has to listen to anybody: whoever
 * may ask can reach ZooKeeper. Nodes are ephemeral and live as long as somebody waits for them.
 */
public final class QuestionStore {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;

    QuestionStore(WatchLoop loop, Nodes nodes, Layout layout) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
    }

    /** A director: what is asked, and when an answer is not waited for any more. */
    public void watch(Consumer<Seen<Question>> consumer) {
        loop.add(new ChildrenWatch<>(loop, layout.questions(), Codecs.QUESTION, consumer));
    }

    /** Blocks. Everybody sees it from now on, until {@link #withdraw}. */
    public void ask(String id, Question question) throws StoreException {
        nodes.createEphemeral(question(id), Codecs.QUESTION.encode(question));
    }

    /** Blocks. Nobody waits any more. */
    public void withdraw(String id) throws StoreException {
        nodes.delete(question(id));
    }

    /** A director, blocking. An answer that is there stays. */
    public void answer(String id, DirectorAnswer answer) throws StoreException {
        nodes.createEphemeral(answer(id, answer.getDirector()), Codecs.ANSWER.encode(answer));
    }

    /** A director, blocking: nobody waits for its answer any more. */
    public void forget(String id, String director) throws StoreException {
        nodes.delete(answer(id, director));
    }

    /** Blocks. {@link Seen.Gone}: not yet. */
    public Seen<DirectorAnswer> read(String id, String director) throws StoreException {
        return nodes.read(answer(id, director), Codecs.ANSWER);
    }

    private String question(String id) {
        return layout.questions() + "/" + id;
    }

    private String answer(String id, String director) {
        return layout.answers() + "/" + id + ":" + director;
    }
}
