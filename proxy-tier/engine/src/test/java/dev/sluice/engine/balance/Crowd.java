package dev.sluice.engine.balance;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.Ejection;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.cluster.l7.Zones;
import dev.sluice.cluster.l7.route.RequestKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** Endpoints under a clock and with chances of a test's own; remembers what it hears. */
final class Crowd implements Observer {
    static final long SECOND = 1_000_000_000L;
    static final Picking ANY = _ -> false;

    final List<String> heard = new ArrayList<>();
    final Random random;
    final Endpoints endpoints;
    Balancing balancing =
            new Balancing(
                    Balancing.Method.LEAST_REQUEST, Duration.ZERO, 50, new RequestKey.Client());
    Ejection ejection =
            new Ejection(
                    5, Duration.ofSeconds(30), Duration.ofSeconds(300), Duration.ofSeconds(10), 10);
    @Nullable HealthCheck check;
    long now;

    Crowd(Balancing.Method method, long seed) {
        this(method, seed, Zones.NONE);
    }

    /** With a proxy that is in a zone. */
    Crowd(Balancing.Method method, long seed, String zone) {
        balancing = new Balancing(method, Duration.ZERO, 50, new RequestKey.Client());
        random = new Random(seed);
        endpoints = new Endpoints(policy(), zone, this);
    }

    private Endpoints.Policy policy() {
        return new Endpoints.Policy(
                balancing, ejection, new Zones(140), Optional.ofNullable(check));
    }

    /** Of so many with the weight 1. */
    static Crowd of(Balancing.Method method, int count) {
        Crowd crowd = new Crowd(method, 1);
        crowd.adopt(count);
        return crowd;
    }

    void adopt(int count) {
        adopt(new int[count]);
    }

    /** 0 stands for 1. */
    void adopt(int... weights) {
        List<EndpointSpec> specs = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            specs.add(new EndpointSpec(address(i), Math.max(1, weights[i])));
        }
        adopt(specs);
    }

    void adopt(List<EndpointSpec> specs) {
        endpoints.adopt(policy(), specs, now);
    }

    static HostPort address(int index) {
        return HostPort.parse("198.18.3." + (index + 1) + ":80");
    }

    /** The number of the one that is picked; -1 for nobody. */
    int pick() {
        return number(endpoints.pick(ANY, random, now));
    }

    Endpoint begin() {
        Endpoint picked = Objects.requireNonNull(endpoints.pick(ANY, random, now));
        picked.begin(now, Integer.MAX_VALUE);
        return picked;
    }

    static int number(@Nullable Endpoint endpoint) {
        return endpoint == null ? -1 : number(endpoint.address());
    }

    static int number(HostPort address) {
        return (address.address().bytes()[3] & 0xff) - 1;
    }

    /** Finds one by having it picked. */
    Endpoint endpoint(int number) {
        return Objects.requireNonNull(
                endpoints.pick(endpoint -> number(endpoint) != number, random, now));
    }

    void fail(Endpoint endpoint, int times) {
        for (int i = 0; i < times; i++) {
            endpoints.onFailure(endpoint, "response-timeout", now);
        }
    }

    /** Lets time pass as the engine does. */
    void pass(Duration time) {
        for (long end = now + time.toNanos(); now < end; ) {
            now += SECOND;
            endpoints.sweep(now);
        }
    }

    /** How often each of so many was picked. */
    int[] picks(int times, int of) {
        int[] counts = new int[of];
        for (int i = 0; i < times; i++) {
            counts[pick()]++;
        }
        return counts;
    }

    List<String> why(int number) {
        return endpoints.status(now).get(number).why();
    }

    EndpointStatus.Use use(int number) {
        return endpoints.status(now).get(number).use();
    }

    @Override
    public void onEjected(Endpoint endpoint, String why, Duration time) {
        heard.add("ejected " + number(endpoint) + " for " + time.toSeconds() + "s: " + why);
    }

    @Override
    public void onReturned(Endpoint endpoint) {
        heard.add("back " + number(endpoint));
    }

    @Override
    public void onHealth(Endpoint endpoint, boolean well, String why) {
        heard.add((well ? "well " : "unwell ") + number(endpoint) + (well ? "" : ": " + why));
    }

    @Override
    public void onPanic(boolean panic, int fit, int all) {
        heard.add((panic ? "panic " : "calm ") + fit + "/" + all);
    }
}
