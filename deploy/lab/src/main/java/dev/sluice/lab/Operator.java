package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the lab does with the control plane, as an operator would by its command line. Implemented
 * by whoever starts the lab, since the lab itself knows no control plane.
 */
public interface Operator {

    /** What the cluster looks like; empty if the control server does not answer. */
    Optional<ClusterView> look() throws IOException;

    /** Makes a file the active L7 configuration, and returns its revision. */
    long applyConfig(Path file) throws IOException;

    /** Starts a drain without a deadline; returns when it has been accepted. */
    default void drain(String proxy) throws IOException {
        drain(proxy, Duration.ZERO);
    }

    /**
     * Starts a drain; returns when it has been accepted.
     *
     * @param deadline from now, when what is left is reset; zero = never
     */
    void drain(String proxy, Duration deadline) throws IOException;

    /** Starts a fill; returns when it has been accepted. */
    void fill(String proxy) throws IOException;

    /**
     * Starts to fill one proxy in the place of another; returns when it has been accepted.
     *
     * @param deadline from now, when what is left on the old one is reset; zero = never
     */
    void replace(String old, String replacement, Duration deadline) throws IOException;

    /**
     * Gives a proxy another share of new connections, now or in its turn.
     *
     * @return true if it waits for its turn
     */
    boolean weigh(String proxy, int weight) throws IOException;

    /** Says that a director whose host is off forwards nothing any more: nobody waits for it. */
    void removeDirector(String director) throws IOException;

    /**
     * @param leader the controller that advances changes; empty = none known
     * @param generation of the pool
     * @param commitGeneration of the write that made the newest view live
     * @param settled no change is open: nothing pending, no older epoch left
     * @param newest the proxies that take new flows
     */
    record ClusterView(
            String leader,
            long generation,
            long commitGeneration,
            boolean settled,
            List<String> newest,
            List<DirectorView> directors,
            List<ProxyView> proxies,
            long activeRevision) {

        public ClusterView {
            newest = List.copyOf(newest);
            directors = List.copyOf(directors);
            proxies = List.copyOf(proxies);
        }

        public Optional<ProxyView> proxy(String id) {
            return proxies.stream().filter(proxy -> proxy.id().equals(id)).findFirst();
        }

        /** Every director forwards by that generation or a newer one. */
        public boolean isAcknowledged(long wanted) {
            return directors.stream().allMatch(d -> d.acknowledged() >= wanted);
        }

        /** Every director forwards by a view in which that proxy takes no new flows. */
        public boolean hasLeft(String proxy) {
            return !newest.contains(proxy) && isAcknowledged(commitGeneration);
        }
    }

    /**
     * @param acknowledged the generation by which it forwards
     * @param present its process has a session
     */
    record DirectorView(String id, long acknowledged, boolean present, boolean announcing) {}

    /**
     * @param state in upper case, as in {@code ACTIVE}
     * @param weight its share of new connections
     * @param healthy its process has a session, and the directors reach it
     * @param revision of the L7 configuration that it serves; 0 for none
     */
    record ProxyView(
            String id,
            String state,
            int weight,
            boolean healthy,
            long revision,
            long connections) {}
}
