package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec.Balance;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.transition.Transitions;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A ZooKeeper node holds less than 1 MiB. */
class NodeSizesTest {
    private static final Logger log = LoggerFactory.getLogger(NodeSizesTest.class);

    private static PoolState pool(int proxies) {
        PoolConfig config =
                new PoolConfig(
                        "web",
                        Wire.SLUICE,
                        Set.of(HashField.SOURCE_ADDRESS),
                        List.of(Bind.tcp(Address.parse("203.0.113.10"), 443)),
                        IntStream.range(0, proxies).mapToObj(NodeSizesTest::proxy).toList(),
                        Optional.of(new SipHash.Key(1, 2)),
                        Optional.of(new SipHash.Key(3, 4)),
                        Balance.HASHED);
        return Founding.found(config, () -> new SipHash.Key(0, 0), 0);
    }

    private static Proxy proxy(int i) {
        return new Proxy(
                "proxy-%03d.rack-7".formatted(i),
                Address.parse("198.18." + i / 200 + "." + (i % 200 + 1)),
                Proxy.State.ACTIVE,
                100);
    }

    /** Everybody knows the newest generation and reports nothing. */
    private static Facts facts(PoolState pool) {
        Map<String, Facts.ProxyFacts> proxies = new HashMap<>();
        pool.proxies()
                .forEach(p -> proxies.put(p.id(), new Facts.ProxyFacts("i", pool.generation(), 0)));
        return new Facts(Map.of(), proxies, Map.of());
    }

    /** One settling epoch and a pending one. */
    private static PoolState changing(PoolState pool) {
        String first = pool.proxies().getFirst().id();
        PoolState preparing = begun(pool, new Change.Drain(List.of(first), 0));
        PoolState committed =
                Transitions.advance(preparing, facts(preparing), Long.MAX_VALUE)
                                instanceof Advance.Write write
                        ? write.next()
                        : preparing;
        assertThat(committed.settling()).hasSize(1);
        return begun(committed, new Change.Fill(List.of(first)));
    }

    private static PoolState begun(PoolState pool, Change change) {
        return Safety.check(pool, facts(pool), change, 0) instanceof Decision.Accepted accepted
                ? accepted.next()
                : pool;
    }

    @ParameterizedTest
    @CsvSource({"3", "16", "256"})
    void staysFarBelowOneMegabyte(int proxies) {
        PoolState steady = pool(proxies);
        PoolState changing = changing(steady);
        ChangeQueue queue = ChangeQueue.EMPTY;
        List<String> half =
                steady.proxies().subList(0, (proxies + 1) / 2).stream().map(Proxy::id).toList();
        while (!queue.isFull()) {
            queue = queue.append(new Change.Drain(half, 1), "somebody (1000)", 1);
        }
        Random random = new Random(1);
        OwnedRows report =
                new OwnedRows(
                        half.getFirst(),
                        "incarnation",
                        1,
                        true,
                        RowSet.of(IntStream.range(0, 65_536).filter(r -> random.nextBoolean())),
                        1,
                        1);
        int steadyBytes = Codecs.POOL_STATE.encode(steady).length;
        int changingBytes = Codecs.POOL_STATE.encode(changing).length;
        int queueBytes = Codecs.CHANGE_QUEUE.encode(queue).length;
        int reportBytes = Codecs.OWNED_ROWS.encode(report).length;
        log.atInfo()
                .addKeyValue("proxies", proxies)
                .addKeyValue("steady", steadyBytes)
                .addKeyValue("changing", changingBytes)
                .addKeyValue("queue", queueBytes)
                .addKeyValue("report", reportBytes)
                .log("node.bytes");
        assertThat(List.of(steadyBytes, changingBytes, queueBytes, reportBytes))
                .allMatch(bytes -> bytes < 256 * 1024);
        assertThat(changingBytes).isGreaterThan(steadyBytes);
    }
}
