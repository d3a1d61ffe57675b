package dev.sluice.cluster.zookeeper;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several writes that happen together or not at all. Collect them, then {@link #commit} once.
 *
 * <p>A connection may break between the write and its answer; the client then writes again and
 * finds its own write in the way. So a version that does not match is looked at: the very bytes
 * that were to be written, one version on, are our own.
 */
final class Transaction {
    /** No node has this version. */
    private static final int DELETED = -1;

    private final Nodes nodes;
    private final List<CuratorOp> operations = new ArrayList<>();
    private String path = "";
    private byte[] bytes = {};
    private int versionAfter;

    Transaction(Nodes nodes) {
        this.nodes = nodes;
    }

    Transaction set(String at, byte[] value, int expected) throws StoreException {
        remember(at, value, expected + 1);
        return add(c -> c.transactionOp().setData().withVersion(expected).forPath(at, value));
    }

    /** A new node; its parent must exist. */
    Transaction create(String at, byte[] value) throws StoreException {
        remember(at, value, 0);
        return add(c -> c.transactionOp().create().forPath(at, value));
    }

    /** A new node that is gone with this session; its parent must exist. */
    Transaction createEphemeral(String at) throws StoreException {
        return add(c ->
                c.transactionOp().create().withMode(CreateMode.EPHEMERAL).forPath(at, new byte[0]));
    }

    /** Nobody has written the node since. */
    Transaction check(String at, int expected) throws StoreException {
        return add(c -> c.transactionOp().check().withVersion(expected).forPath(at));
    }

    /** The node is there. */
    Transaction check(String at) throws StoreException {
        return add(c -> c.transactionOp().check().forPath(at));
    }

    Transaction delete(String at) throws StoreException {
        remember(at, new byte[0], DELETED);
        return add(c -> c.transactionOp().delete().forPath(at));
    }

    /** The first node tells whether a lost answer was a success. */
    private void remember(String at, byte[] value, int after) {
        if (operations.isEmpty()) {
            path = at;
            bytes = value;
            versionAfter = after;
        }
    }

    /** A node of the next number; its parent must exist. */
    Transaction append(String prefix, byte[] value) throws StoreException {
        return add(c ->
                c.transactionOp()
                        .create()
                        .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                        .forPath(prefix, value));
    }

    private interface Operation {
        CuratorOp on(CuratorFramework client) throws Exception;
    }

    private Transaction add(Operation operation) throws StoreException {
        operations.add(Nodes.call("prepare a write", () -> operation.on(nodes.client())));
        return this;
    }

    /**
     * Blocks. False: somebody else wrote since one of the versions, or a node is gone; nothing was
     * written.
     */
    boolean commit() throws StoreException {
        return nodes.write(
                "write " + path,
                () -> {
                    try {
                        List<CuratorTransactionResult> done =
                                nodes.client().transaction().forOperations(operations);
                        return done.size() == operations.size();
                    } catch (KeeperException.NoNodeException e) {
                        return false;
                    } catch (KeeperException.BadVersionException
                            | KeeperException.NodeExistsException e) {
                        return isOurs();
                    }
                });
    }

    private boolean isOurs() throws Exception {
        try {
            Stat stat = new Stat();
            byte[] now = nodes.client().getData().storingStatIn(stat).forPath(path);
            return stat.getVersion() == versionAfter && Arrays.equals(now, bytes);
        } catch (KeeperException.NoNodeException e) {
            return false;
        }
    }
}
