package dev.sluice.lab;

import dev.sluice.lab.traffic.ClientHost;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/**
 * A cluster under test: nodes that can be hurt and healed, hosts to make traffic on, and facts that
 * are read past the cluster's own processes. Scenarios know nothing else, so that one scenario runs
 * wherever the nodes are: in the network namespaces of a {@link Lab}, or in containers.
 *
 * <p>Used by one thread. Every call returns when it has been done: a killed process is gone, a cut
 * link carries nothing. What cannot be done in a node's present state (kill what is dead, heal what
 * was not cut) is refused with a {@link LabException} that says what the state is.
 */
public interface Cluster {
    Topology topology();

    /**
     * @throws LabException if there is no such node; it names those that there are
     */
    default Node node(String name) throws LabException {
        return topology()
                .find(name)
                .orElseThrow(() ->
                        LabException.refused(
                                "There is no node '%s'. There are: %s."
                                        .formatted(
                                                name,
                                                String.join(
                                                        ", ",
                                                        topology().nodes().stream()
                                                                .map(Node::name)
                                                                .toList()))));
    }

    /** Opens connections to the VIP from many client addresses. */
    ClientHost clients();

    /** The L7 configuration that it began with. */
    Path l7File();

    /** Trusts the certificate that the VIP shows, and no other. */
    SSLContext trust() throws IOException;

    /**
     * Runs one of Sluice's own commands on a node, and answers what it said.
     *
     * @param arguments those of {@code sluice}
     * @throws IOException with what it said if it fails
     */
    String run(Node node, List<String> arguments) throws IOException;

    boolean isAlive(Node node) throws IOException;

    /** Ends the node's process on the spot ({@code SIGKILL}); its kernel state stays. */
    void killProcess(Node node) throws IOException, LabException;

    /** The node's host fails: its link goes down and its process dies. */
    void killHost(Node node) throws IOException, LabException;

    /** Brings back what {@link #killProcess} or {@link #killHost} ended. */
    void start(Node node) throws IOException, LabException;

    /** Stops the node's process ({@code SIGSTOP}): it keeps sockets, sessions and links. */
    void pause(Node node) throws IOException, LabException;

    /** Undoes {@link #pause}. */
    void resume(Node node) throws IOException, LabException;

    /** Keeps packets from the node, or of the node, from their receivers. */
    void cut(Node node, Cut cut) throws IOException, LabException;

    /**
     * Makes every path to the node worse. A second call replaces the first.
     *
     * @param lossPercent of the packets to it, 0 to 100
     * @param delay of each of the rest, up to a second
     */
    void impair(Node node, int lossPercent, Duration delay) throws IOException, LabException;

    /** Undoes {@link #cut} and {@link #impair}; does nothing to a node whose links are well. */
    void heal(Node node) throws IOException, LabException;

    /** From now on the router chooses directors by another hash, for old flows too. */
    void reshuffle(int seed) throws IOException, LabException;

    /** Leaves no room for another byte where the node keeps its state. */
    void fillDisk(Node node) throws IOException, LabException;

    /** Undoes {@link #fillDisk}. */
    void freeDisk(Node node) throws IOException, LabException;

    /** Restarts the node's process so that {@link #jumpClock} can move its clock. */
    void startWithMovableClock(Node node) throws IOException, LabException;

    /**
     * Sets the wall clock that the node's process sees, and nobody else; its monotonic clock runs
     * on. Zero is the truth.
     *
     * @param ahead of the truth; negative for behind it
     */
    void jumpClock(Node node, Duration ahead) throws IOException, LabException;

    /** What the XDP programs of its hosts counted. */
    HostCounters counters();

    /** What the node's process holds of the machine; empty if it does not live. */
    Optional<Usage> usage(Node node) throws IOException;

    /** How many objects its nodes have pinned in the BPF file system. */
    long pins() throws IOException;

    /** Which of ZooKeeper's servers leads, and how much they keep. */
    Ensemble ensemble();

    /** What the upstream server has been asked, once a line; kept through its death. */
    List<String> deliveries(Node upstream) throws IOException;

    /** What is lost between a node and everybody else. */
    enum Cut {
        /** Both directions, and both ends know: the link is down. */
        LINK,
        /** Both directions, and nobody is told. */
        BOTH,
        /** What is sent to it. */
        TO_NODE,
        /** What it sends. */
        FROM_NODE
    }

    /**
     * @param memoryKb resident
     * @param files open ones, sockets among them
     */
    record Usage(long memoryKb, long files, long sockets, long threads) {}
}
