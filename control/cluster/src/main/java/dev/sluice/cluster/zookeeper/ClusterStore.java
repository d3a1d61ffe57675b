package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.Question;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.proto.cluster.v1.DirectorAnswer;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.zookeeper.client.ZKClientConfig;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connection to a cluster's state in ZooKeeper, and the stores on it.
 *
 * <pre>{@code
 * ClusterStore store = ClusterStore.of(new Target("198.18.0.9:2181", "lab"));
 * store.onSession(inbox::add);
 * store.pools().watch(inbox::add);
 * store.start();
 * }</pre>
 *
 * <p>{@link #start} returns at once whether or not ZooKeeper answers; connecting and reconnecting
 * go on in the background until {@link #close}. All consumers are called on one thread of the
 * store, in the order in which things were seen: they should only enqueue. Everything that writes
 * blocks for some seconds at most.
 */
public final class ClusterStore implements AutoCloseable {
    /**
     * Of hosts that carry traffic: how long ZooKeeper keeps the ephemeral nodes of a silent one.
     */
    public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    private static final int CONNECT_TIMEOUT_MS = 3000;
    private static final int NO_SESSION = 0;

    private final CuratorFramework client;
    private final Duration session;
    private final WatchLoop loop;
    private final Layout layout;
    private final Nodes nodes;
    private final EventLog events;

    private ClusterStore(CuratorFramework client, Target target, WriteGate gate) {
        Layout layout = Layout.of(target.cluster());
        this.client = client;
        this.session = target.session();
        this.layout = layout;
        this.loop = new WatchLoop(client, layout.root());
        this.nodes = new Nodes(client, gate);
        this.events = new EventLog(nodes, layout);
    }

    /**
     * Which cluster, and where.
     *
     * @param zookeeper connect string, e.g. {@code 198.18.0.9:2181,198.18.0.10:2181}
     * @param session how long ZooKeeper keeps this client's ephemeral nodes without hearing it; it
     *     grants 2 to 20 of its ticks
     */
    public record Target(String zookeeper, String cluster, Duration session) {
        /** With {@link #SESSION_TIMEOUT}. */
        public Target(String zookeeper, String cluster) {
            this(zookeeper, cluster, SESSION_TIMEOUT);
        }
    }

    /** Not connected yet: register what should see everything, then {@link #start}. */
    public static ClusterStore of(Target target) {
        return of(target, WriteGate.OPEN);
    }

    /** As {@link #of(Target)}, with a gate before every write. */
    public static ClusterStore of(Target target, WriteGate gate) {
        int sessionMs = (int) target.session().toMillis();
        CuratorFramework client =
                CuratorFrameworkFactory.builder()
                        .connectString(target.zookeeper())
                        .sessionTimeoutMs(sessionMs)
                        .connectionTimeoutMs(Math.min(CONNECT_TIMEOUT_MS, sessionMs))
                        .retryPolicy(new BoundedExponentialBackoffRetry(50, 500, 4))
                        .dontUseContainerParents()
                        .zkClientConfig(withoutSasl())
                        .build();
        return new ClusterStore(client, target, gate);
    }

    /**
     * The client would ask the DNS for the server's name before it connects, in case there is a
     * SASL login to be made: seconds where the DNS does not answer, and nothing here uses SASL.
     */
    private static ZKClientConfig withoutSasl() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        return config;
    }

    /** Any time; events before the call are not repeated. */
    public ClusterStore onSession(Consumer<SessionEvent> consumer) {
        loop.onSession(consumer);
        return this;
    }

    public ClusterStore start() {
        loop.start();
        client.start();
        return this;
    }

    /** Blocks until connected. */
    public boolean awaitConnected(Duration timeout) throws InterruptedException {
        return client.blockUntilConnected((int) timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Once connected: what stands against the session that ZooKeeper granted, for people; empty =
     * it is as long as was asked for.
     */
    public Optional<String> sessionProblem() {
        long asked = session.toMillis();
        long granted = grantedMs();
        return granted == asked || granted == NO_SESSION
                ? Optional.empty()
                : Optional.of(
                        "ZooKeeper grants a session of "
                                + granted
                                + " ms where "
                                + asked
                                + " ms were asked for: it allows 2 to 20 of its ticks unless its"
                                + " minSessionTimeout or maxSessionTimeout say otherwise");
    }

    private long grantedMs() {
        try {
            return client.getZookeeperClient().getZooKeeper().getSessionTimeout();
        } catch (Exception e) {
            return NO_SESSION;
        }
    }

    /**
     * Follows the values of a node's children, of a path in full, until it is closed.
     *
     * @param consumer on a thread of its own; may block
     */
    public ChildValues childValues(String path, Consumer<ChildValues.View> consumer) {
        return new ChildValues(client, path, consumer);
    }

    public PoolStore pools() {
        return new PoolStore(loop, nodes, layout, events);
    }

    public QueueStore queues() {
        return new QueueStore(loop, nodes, layout, events);
    }

    public MemberStore members() {
        return new MemberStore(loop, nodes, layout, events);
    }

    public OwnedRowsStore ownedRows() {
        return new OwnedRowsStore(loop, nodes, layout);
    }

    public ConfigStore config() {
        return new ConfigStore(loop, nodes, layout, events);
    }

    /** What directors are asked. */
    public Inquiries<Question, DirectorAnswer> questions() {
        return new Inquiries<>(
                loop,
                nodes,
                new Inquiries.Folder<>(layout.questions(), Codecs.QUESTION),
                new Inquiries.Folder<>(layout.answers(), Codecs.ANSWER));
    }

    /** What proxies are asked. */
    public Inquiries<ProxyQuestion, ProxyAnswer> proxyQuestions() {
        return new Inquiries<>(
                loop,
                nodes,
                new Inquiries.Folder<>(layout.proxyQuestions(), Codecs.PROXY_QUESTION),
                new Inquiries.Folder<>(layout.proxyAnswers(), Codecs.PROXY_ANSWER));
    }

    /** What proxies are asked to try. */
    public Inquiries<ConfigTrial, TrialResult> trials() {
        return new Inquiries<>(
                loop,
                nodes,
                new Inquiries.Folder<>(layout.trials(), Codecs.CONFIG_TRIAL),
                new Inquiries.Folder<>(layout.trialResults(), Codecs.TRIAL_RESULT));
    }

    public EventLog events() {
        return events;
    }

    /**
     * Not started. One participant at a time leads, as far as ZooKeeper knows; every write is
     * fenced by compare-and-set besides.
     */
    public LeaderLatch leaderLatch(String participant) {
        return new LeaderLatch(client, layout.leader(), participant);
    }

    /** For tests that break the session. */
    CuratorFramework curator() {
        return client;
    }

    /** Ends the session, and with it the ephemeral nodes, and all publishing. */
    @Override
    public void close() {
        nodes.close();
        loop.close();
        client.close();
    }
}
