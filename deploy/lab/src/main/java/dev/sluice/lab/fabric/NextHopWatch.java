package dev.sluice.lab.fabric;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What BFD is to a router (RFC 5880): asks every next hop again and again by ICMP, and takes out
 * who does not answer, whatever its link says. One thread for each; they end with the process.
 */
public final class NextHopWatch {
    /** Of questions, and for an answer to come. */
    public static final Duration INTERVAL = Duration.ofMillis(200);

    /** So many misses are a silence. */
    public static final int MISSES = 3;

    private static final Logger log = LoggerFactory.getLogger(NextHopWatch.class);

    private final Routes routes;

    /** What becomes of a next hop. */
    public enum Verb {
        SILENT,
        HEARD
    }

    /** Where it is said. */
    @FunctionalInterface
    public interface Routes {
        void say(String name, Verb verb) throws IOException;
    }

    public NextHopWatch(Routes routes) {
        this.routes = routes;
    }

    /**
     * @param nextHops addresses by name
     */
    public void start(Map<String, InetAddress> nextHops) {
        nextHops.forEach((name, address) ->
                Thread.ofPlatform().name("watch-" + name).start(() -> watch(name, address)));
    }

    private void watch(String name, InetAddress address) {
        Liveness liveness = new Liveness(MISSES);
        while (true) {
            long due = System.nanoTime() + INTERVAL.toNanos();
            liveness.after(answers(address)).ifPresent(heard -> say(name, heard));
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    /** By an ICMP echo: this process is root's. */
    private static boolean answers(InetAddress address) {
        try {
            return address.isReachable((int) INTERVAL.toMillis());
        } catch (IOException e) {
            return false;
        }
    }

    private void say(String name, boolean heard) {
        Verb verb = heard ? Verb.HEARD : Verb.SILENT;
        log.atWarn().addKeyValue("name", name).addKeyValue("is", verb).log("next-hop");
        try {
            routes.say(name, verb);
        } catch (IOException e) {
            log.atError().setCause(e).addKeyValue("name", name).log("next-hop.not_said");
        }
    }
}
