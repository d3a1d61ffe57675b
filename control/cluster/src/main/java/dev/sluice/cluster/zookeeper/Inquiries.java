package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;

import java.util.function.Consumer;

/**
 * Questions to all nodes of a tier and their answers, so that none of them has to listen to
 * anybody: whoever may ask can reach ZooKeeper. Nodes are ephemeral and live as long as somebody
 * waits for them.
 *
 * @param <Q> what is asked
 * @param <A> what one node answers
 */
public final class Inquiries<Q, A> {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Folder<Q> questions;
    private final Folder<A> answers;

    /** Where nodes of one kind are. */
    record Folder<T>(String path, Codec<T> codec) {}

    Inquiries(WatchLoop loop, Nodes nodes, Folder<Q> questions, Folder<A> answers) {
        this.loop = loop;
        this.nodes = nodes;
        this.questions = questions;
        this.answers = answers;
    }

    /** Who is asked: what is asked, and when an answer is not waited for any more. */
    public void watch(Consumer<Seen<Q>> consumer) {
        loop.add(new ChildrenWatch<>(loop, questions.path(), questions.codec(), consumer));
    }

    /** Blocks. Everybody sees it from now on, until {@link #withdraw}. */
    public void ask(String id, Q question) throws StoreException {
        nodes.createEphemeral(question(id), questions.codec().encode(question));
    }

    /** Blocks. Nobody waits any more. */
    public void withdraw(String id) throws StoreException {
        nodes.delete(question(id));
    }

    /** Who is asked, blocking. An answer that is there stays. */
    public void answer(String id, String node, A answer) throws StoreException {
        nodes.createEphemeral(answer(id, node), answers.codec().encode(answer));
    }

    /** Who was asked, blocking: nobody waits for the answer any more. */
    public void forget(String id, String node) throws StoreException {
        nodes.delete(answer(id, node));
    }

    /** Blocks. {@link Seen.Gone}: not yet. */
    public Seen<A> read(String id, String node) throws StoreException {
        return nodes.read(answer(id, node), answers.codec());
    }

    private String question(String id) {
        return questions.path() + "/" + id;
    }

    private String answer(String id, String node) {
        return answers.path() + "/" + id + ":" + node;
    }
}
