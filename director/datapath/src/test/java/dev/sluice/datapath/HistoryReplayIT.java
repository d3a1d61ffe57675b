package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.simulation.History;
import dev.sluice.simulation.History.Forwarded;
import dev.sluice.simulation.History.Hop;
import dev.sluice.simulation.History.Judged;
import dev.sluice.simulation.Simulation;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the simulation's histories say that directors and proxy hosts do with packets is what the
 * real programs do, with real sockets: verdict, next hop, stamp and chain, to the byte. So what the
 * simulation finds of the rules holds for the kernel.
 */
class HistoryReplayIT {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryReplayIT.class);
    private static final int MANY = Integer.getInteger("sluice.histories", 300);
    private static final int FEW = Integer.getInteger("sluice.histories", 8);
    private static final int MAX_HOPS = 100_000;

    /** Behind Ethernet, IPv4, UDP and the first word of GUE: docs/wire.md. */
    private static final int PRIVATE = 14 + 20 + 8 + 4;

    private static final Map<String, ReplayedHost> HOSTS = new HashMap<>();
    private static final Map<String, ReplayedDirector> DIRECTORS = new HashMap<>();

    private final IdentityHashMap<ForwardingTable, ForwardingTable> tiled = new IdentityHashMap<>();
    private final Set<Object> seen = new HashSet<>();
    private final Set<RedirectCounter> met = EnumSet.noneOf(RedirectCounter.class);
    private long decisions;

    @BeforeAll
    static void require() {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
    }

    @AfterAll
    static void end() {
        HOSTS.values().forEach(ReplayedHost::close);
        DIRECTORS.values().forEach(ReplayedDirector::close);
    }

    @Test
    void programsDoWhatAFewHistoriesSay() {
        replay(1, FEW);
        assertThat(met)
                .contains(
                        RedirectCounter.KEPT_SYN,
                        RedirectCounter.KEPT_KNOWN,
                        RedirectCounter.KEPT_LAST_RESORT,
                        RedirectCounter.NEXT_HOP,
                        RedirectCounter.RESCUED,
                        RedirectCounter.DROP_UNCONFIRMED,
                        RedirectCounter.SECOND_CHANCE);
    }

    @Test
    @Tag("full")
    void programsDoWhatHundredsOfHistoriesSay() {
        replay(1_000, MANY);
        assertThat(met).contains(RedirectCounter.KEPT_COOKIE, RedirectCounter.DROP_RESCUE_LIMIT);
    }

    private void replay(long firstSeed, int histories) {
        long start = System.nanoTime();
        long hops = 0;
        for (long seed = firstSeed; seed < firstSeed + histories; seed++) {
            History history = Simulation.history(seed, MAX_HOPS);
            for (Hop hop : history.hops()) {
                replay(hop, seed);
            }
            hops += history.hops().size();
            forget();
        }
        LOG.atInfo()
                .addKeyValue("histories", histories)
                .addKeyValue("hops", hops)
                .addKeyValue("decisions", decisions)
                .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
                .addKeyValue("met", met)
                .log("histories.replayed");
    }

    /** Each decision once: one by the same facts as an earlier one of the history is the same. */
    private void replay(Hop hop, long seed) {
        if (!seen.add(facts(hop))) {
            return;
        }
        ForwardingTable table = tiled.computeIfAbsent(hop.table(), ForwardingTable::tiled);
        switch (hop) {
            case Forwarded sent -> compare(sent, director(sent.node()).replay(sent, table), seed);
            case Judged judged -> compare(judged, host(judged).replay(judged, table), seed);
        }
    }

    /** All that a decision depends on, but for which of several flows of a row it is. */
    private static Object facts(Hop hop) {
        return switch (hop) {
            case Forwarded sent -> List.of(sent.node(), sent.stamp(), sent.target(), sent.hops());
            case Judged judged -> {
                RedirectRule.Host host = judged.host();
                RedirectRule.Packet packet = judged.packet();
                yield List.of(
                        judged.node(),
                        host.installed(),
                        host.chain(),
                        host.open(),
                        host.confirmed(),
                        socket(host.socket(), packet.acknowledgement()),
                        packet.tcpFlags(),
                        packet.stamp(),
                        packet.rescues(),
                        packet.next(),
                        packet.hops());
            }
        };
    }

    /** What a socket is to an acknowledgement. */
    private static Object socket(RedirectRule.Socket socket, int acknowledgement) {
        return socket instanceof RedirectRule.Socket.Request(int isn)
                ? acknowledgement == isn + 1
                : socket;
    }

    private void compare(Forwarded hop, ReplayedDirector.Replay replay, long seed) {
        decisions++;
        FrameVerdict<DirectorCounter> program = replay.program();
        assertThat(program).as("seed %d, %s", seed, hop).isEqualTo(replay.model());
        assertThat(program.counters()).containsExactly(DirectorCounter.FORWARDED);
        assertSent(program.frame(), hop.target(), hop.stamp(), hop.hops(), "seed " + seed + hop);
    }

    private void compare(Judged hop, ReplayedHost.Replay replay, long seed) {
        decisions++;
        String what = "seed " + seed + ", " + hop;
        FrameVerdict<RedirectCounter> program = replay.program();
        assertThat(program).as(what).isEqualTo(replay.model());
        met.addAll(program.counters());
        switch (hop.verdict()) {
            case Verdict.Keep(RedirectCounter reason) -> {
                assertThat(program.action()).as(what).isEqualTo(Action.PASS);
                assertThat(program.counters()).as(what).contains(reason);
            }
            case Verdict.Drop(RedirectCounter reason) ->
                    assertThat(program.counters()).as(what).containsExactly(reason);
            case Verdict.Next(Address next) -> {
                RedirectRule.Packet packet = hop.packet();
                assertSent(program.frame(), next, packet.stamp(), packet.hops(), what);
                assertThat(program.frame()[PRIVATE + 2])
                        .as(what)
                        .isEqualTo((byte) (packet.next() + 1));
            }
            case Verdict.Rescue rescue -> {
                List<Address> hops = rescue.hops();
                assertSent(
                        program.frame(),
                        hops.getFirst(),
                        rescue.generation(),
                        hops.subList(1, hops.size()),
                        what);
                assertThat(program.frame()[PRIVATE + 4]).as(what).isEqualTo((byte) rescue.open());
                assertThat(program.frame()[PRIVATE + 5])
                        .as(what)
                        .isEqualTo((byte) rescue.rescues());
            }
        }
    }

    private static void assertSent(
            byte[] bytes, Address target, long stamp, List<Address> hops, String what) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        assertThat(address(frame, 14 + 16)).as(what).isEqualTo(target);
        assertThat(frame.get(PRIVATE + 3)).as(what).isEqualTo((byte) hops.size());
        assertThat(frame.getLong(PRIVATE + 8)).as(what).isEqualTo(stamp);
        List<Address> found = new ArrayList<>();
        for (int i = 0; i < hops.size(); i++) {
            found.add(address(frame, PRIVATE + 16 + 4 * i));
        }
        assertThat(found).as(what).isEqualTo(hops);
    }

    private static Address address(ByteBuffer frame, int at) {
        byte[] bytes = new byte[4];
        frame.get(at, bytes);
        return Address.of(bytes);
    }

    private static ReplayedHost host(Judged hop) {
        return HOSTS.computeIfAbsent(
                hop.node(), name -> new ReplayedHost("replay-" + name, hop.host().self()));
    }

    private static ReplayedDirector director(String name) {
        return DIRECTORS.computeIfAbsent(name, n -> new ReplayedDirector(ReplayedHost.DIRECTOR));
    }

    private void forget() {
        HOSTS.values().forEach(ReplayedHost::forget);
        DIRECTORS.values().forEach(ReplayedDirector::forget);
        tiled.clear();
        seen.clear();
    }
}
