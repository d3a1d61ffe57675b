package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Queueing.Admission.NotQueued;
import dev.sluice.cluster.transition.Queueing.Admission.Queued;
import dev.sluice.cluster.transition.Queueing.Next.Drop;
import dev.sluice.cluster.transition.Queueing.Next.StartWrite;
import dev.sluice.cluster.transition.Queueing.Next.Wait;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class QueueingTest {
    private final World world = new World(Pools.active(6));
    private ChangeQueue queue = ChangeQueue.EMPTY;

    @Test
    void anEmptyQueueWaitsForNothing() {
        assertThat(advance()).isEqualTo(new Wait(List.of()));
    }

    @Test
    void startsWhatFitsTogetherAsOneEpoch() {
        enqueue(drain("p0"));
        enqueue(new Change.Weigh(new TreeMap<>(Map.of("p1", 50)), 0));

        StartWrite start = (StartWrite) advance();
        assertThat(start.taken()).hasSize(2);
        assertThat(start.queue().isEmpty()).isTrue();
        assertThat(start.queue().nextId()).isEqualTo(3);
        assertThat(start.why()).startsWith("p0 drains, weights become p1 50: epoch 2 prepared");
        assertThat(start.state().pending().orElseThrow().members())
                .extracting(Member::proxy)
                .containsExactly("p1", "p2", "p3", "p4", "p5");
    }

    @Test
    void changesWithOtherDeadlinesTakeTheirOwnTurn() {
        enqueue(drain("p0"));
        enqueue(new Change.Drain(List.of("p1"), world.nowUnixMs + 1000));

        StartWrite start = (StartWrite) advance();
        assertThat(start.taken()).hasSize(1);
        assertThat(start.queue().changes()).hasSize(1);
        assertThat(start.state().pending().orElseThrow().deadlineUnixMs()).isZero();
    }

    @Test
    void waitsWhileAnotherChangeIsPrepared() {
        world.begin(drain("p0"));
        enqueue(drain("p1"));

        assertThat(advance()).isEqualTo(new Wait(List.of("pool web is preparing another change")));
    }

    @Test
    void takesFewerThanAllIfAllWouldNotFit() {
        // Everybody's rows move to two strangers, then to two others: four hops are the limit.
        World pairs = new World(Pools.withEpochs(Wire.SLUICE, 6, new int[] {0, 1}));
        queue = queue.append(new Change.Fill(List.of("p2", "p3")), "ann", 1);
        queue = queue.append(drain("p0", "p1"), "ann", 1);
        queue = queue.append(new Change.Fill(List.of("p4", "p5")), "ann", 1);

        StartWrite start =
                (StartWrite) Queueing.advance(pairs.state, queue, pairs.facts(), pairs.nowUnixMs);
        assertThat(start.taken()).hasSize(3);

        pairs.state = start.state();
        pairs.everyoneCatchesUp();
        pairs.step();
        pairs.everyoneCatchesUp();
        queue = ChangeQueue.EMPTY.append(drain("p2"), "ann", 1);
        queue = queue.append(new Change.Fill(List.of("p0", "p1")), "ann", 1);
        queue = queue.append(drain("p3", "p4", "p5"), "ann", 1);
        Queueing.Next next = Queueing.advance(pairs.state, queue, pairs.facts(), pairs.nowUnixMs);
        assertThat(((StartWrite) next).taken()).hasSize(3);
    }

    @Test
    void dropsTheFirstChangeIfItMakesNoSenseAnyMore() {
        enqueue(drain("p0"));
        world.begin(drain("p0"));
        world.everyoneCatchesUp();
        world.step();

        Drop drop = (Drop) advance();
        assertThat(drop.change().id()).isEqualTo(1);
        assertThat(drop.refused().reason()).isEqualTo("p0 is already DRAINING in pool web");
        assertThat(drop.queue().isEmpty()).isTrue();
    }

    @Test
    void doesNotQueueWhatMakesNoSenseAfterWhatWaits() {
        enqueue(drain("p0", "p1"));

        assertThat(refusal(drain("p0")).reason()).isEqualTo("p0 is already DRAINING in pool web");
        assertThat(refusal(drain("p2", "p3", "p4", "p5")).kind()).isEqualTo(Kind.WRONG);
        assertThat(refusal(new Change.Abort()).wayOut()).isEqualTo("repeat it without --queue");
        enqueue(new Change.Fill(List.of("p0")));
        enqueue(drain("p0"));
    }

    @Test
    void queuesAFillOfAProxyThatIsToBeAddedBefore() {
        enqueue(new Change.Add("p9", Address.parse("198.18.20.99"), 100));
        enqueue(new Change.Fill(List.of("p9")));
        enqueue(drain("p9"));
        assertThat(refusal(new Change.Fill(List.of("p8"))).reason())
                .isEqualTo("pool web has no proxy 'p8'");
    }

    @Test
    void aFullQueueTakesNoMore() {
        for (int i = 0; i < ChangeQueue.MAX_CHANGES; i++) {
            enqueue(i % 2 == 0 ? drain("p0") : new Change.Fill(List.of("p0")));
        }

        assertThat(((NotQueued) append(drain("p1"))).refused().reason())
                .isEqualTo("the queue of pool web is full: 64 changes wait");
    }

    private void enqueue(Change change) {
        queue = ((Queued) append(change)).queue();
    }

    private Decision.Refused refusal(Change change) {
        return ((NotQueued) append(change)).refused();
    }

    private Queueing.Admission append(Change change) {
        return Queueing.append(world.state, world.facts(), queue, change, "ann", world.nowUnixMs);
    }

    private Queueing.Next advance() {
        return Queueing.advance(world.state, queue, world.facts(), world.nowUnixMs);
    }

    private static Change.Drain drain(String... proxies) {
        return new Change.Drain(List.of(proxies), 0);
    }
}
