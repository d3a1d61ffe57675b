package dev.sluice.engine.balance;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.Ejection;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.cluster.l7.Zones;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The servers of an upstream at work: who they are, which of them are fit for use, and whose turn
 * it is. Lives on across configurations, so that nothing learned of an endpoint is lost to a
 * reload. Thread-safe; picking takes no lock of its own.
 */
public final class Endpoints {
    /** By which rules. */
    public record Policy(
            Balancing balancing, Ejection ejection, Zones zones, Optional<HealthCheck> check) {}

    /** Of the proxy. */
    private final String zone;

    private final Observer observer;

    @GuardedBy("this")
    private final Map<HostPort, Endpoint> all = new LinkedHashMap<>();

    /** Written under the lock, read once for each pick. */
    private volatile Lots lots;

    private volatile Set<HostPort> addresses = Set.of();
    private volatile boolean panic;

    /** Written under the lock. */
    private volatile long ejections;

    private volatile Policy policy;

    /**
     * What picks are made by; of one moment.
     *
     * @param shares who is due what
     * @param pinnable who may be gone back to, whatever its weight
     */
    private record Lots(Distributor distributor, Shares shares, Map<HostPort, Endpoint> pinnable) {}

    /**
     * With nobody yet.
     *
     * @param zone of the proxy
     */
    public Endpoints(Policy policy, String zone, Observer observer) {
        this.policy = policy;
        this.zone = zone;
        this.observer = observer;
        lots = new Lots(distributor(), Shares.NONE, Map.of());
    }

    private synchronized Distributor distributor() {
        return switch (policy.balancing().method()) {
            case LEAST_REQUEST -> new Choices(Metric.REQUESTS, 2);
            case PEAK_EWMA -> new Choices(Metric.WORK, 3);
            case ROUND_ROBIN -> new Turns();
            case RING_HASH -> new Ring(weighty());
        };
    }

    // ---- who they are

    /**
     * Changes rules and members; what is known of those that stay is kept. Where none stays that
     * takes requests, as when a proxy starts, the new ones are at once in full use: nobody is there
     * to take what they do not.
     */
    public synchronized void adopt(Policy next, List<EndpointSpec> members, long nowNanos) {
        boolean other = policy.balancing().method() != next.balancing().method();
        policy = next;
        Set<HostPort> known = Set.copyOf(all.keySet());
        boolean first =
                members.stream()
                        .noneMatch(one -> one.weight() > 0 && known.contains(one.address()));
        all.keySet()
                .retainAll(members.stream().map(EndpointSpec::address).collect(Collectors.toSet()));
        for (EndpointSpec member : members) {
            Endpoint endpoint = all.get(member.address());
            if (endpoint == null) {
                endpoint = new Endpoint(member.address(), nowNanos);
                all.put(member.address(), endpoint);
                if (!first) {
                    endpoint.standing.start(nowNanos);
                }
                if (!first && next.check().isPresent()) {
                    endpoint.standing.await();
                }
            }
            if (next.check().isEmpty()) {
                endpoint.standing.forgetChecks();
            }
            endpoint.standing.weight = member.weight();
            endpoint.standing.zone = member.zone();
            if (next.ejection().failures() == 0) {
                endpoint.standing.pardon();
            }
        }
        if (!addresses.equals(all.keySet())) {
            addresses = Set.copyOf(all.keySet());
        }
        boolean anew = other || next.balancing().method() == Balancing.Method.RING_HASH;
        renew(anew ? distributor() : lots.distributor, nowNanos);
    }

    /** Of the proxy. */
    public String zone() {
        return zone;
    }

    /** The same set as long as nobody comes or goes. */
    public Set<HostPort> addresses() {
        return addresses;
    }

    // ---- whose turn it is

    /** Null if there is nobody (else). */
    public @Nullable Endpoint pick(Picking picking, RandomGenerator random, long nowNanos) {
        Lots now = lots;
        Shares shares = now.shares;
        Endpoint next = now.distributor.pick(shares.used(), picking, random, nowNanos);
        return next == null && shares.spare().size() > 0
                ? now.distributor.pick(shares.spare(), picking, random, nowNanos)
                : next;
    }

    /** Where requests with a key belong, on all proxies. */
    public static long place(byte[] key) {
        return Ring.place(key);
    }

    /** One that a client was at before; null if it is not fit for use. */
    public @Nullable Endpoint pinned(HostPort address) {
        return lots.pinnable.get(address);
    }

    /** Whether there is anybody at all that would do. */
    public boolean hasFree(Picking picking) {
        Shares shares = lots.shares;
        return shares.used().free(0, -1, picking) >= 0 || shares.spare().free(0, -1, picking) >= 0;
    }

    // ---- what is seen of them

    public void onSuccess(Endpoint endpoint) {
        endpoint.succeed();
    }

    /** A request failed by its fault. */
    public void onFailure(Endpoint endpoint, String why, long nowNanos) {
        int inRow = endpoint.fail();
        int limit = policy.ejection().failures();
        if (limit > 0 && inRow >= limit) {
            eject(endpoint, inRow + " failures in a row, the last: " + why, nowNanos);
        }
    }

    private synchronized void eject(Endpoint endpoint, String why, long nowNanos) {
        Standing standing = endpoint.standing;
        if (all.get(endpoint.address()) == endpoint && !standing.isEjected() && mayEject()) {
            ejections = ejections + 1;
            Duration time = standing.eject(policy.ejection(), why, nowNanos);
            observer.onEjected(endpoint, why, time);
            renew(nowNanos);
        }
    }

    /**
     * It was checked.
     *
     * @param problem what is wrong; null if it is well
     */
    public synchronized void onCheck(HostPort address, @Nullable String problem, long nowNanos) {
        Endpoint endpoint = all.get(address);
        HealthCheck rules = policy.check().orElse(null);
        if (endpoint == null || rules == null) {
            return;
        }
        Standing standing = endpoint.standing;
        boolean changed =
                problem == null ? standing.pass(rules, nowNanos) : standing.fail(rules, problem);
        if (changed) {
            observer.onHealth(endpoint, problem == null, problem == null ? "" : problem);
            renew(nowNanos);
        }
    }

    @GuardedBy("this")
    private boolean mayEject() {
        long out = all.values().stream().filter(one -> one.standing.isEjected()).count();
        return out < Math.max(1, (long) all.size() * policy.ejection().sharePercent() / 100);
    }

    /** What time alone changes; to be called about once a second. */
    public synchronized void sweep(long nowNanos) {
        boolean changed = false;
        for (Endpoint endpoint : all.values()) {
            Standing standing = endpoint.standing;
            standing.forgive(policy.ejection(), nowNanos);
            changed |= standing.warmsUp(policy.balancing(), nowNanos);
            if (standing.returns(nowNanos)) {
                endpoint.succeed();
                observer.onReturned(endpoint);
                changed = true;
            }
        }
        if (changed) {
            renew(nowNanos);
        }
    }

    @GuardedBy("this")
    private List<Endpoint> weighty() {
        return all.values().stream().filter(endpoint -> endpoint.standing.weight > 0).toList();
    }

    @GuardedBy("this")
    private void renew(long nowNanos) {
        renew(lots.distributor, nowNanos);
    }

    @GuardedBy("this")
    private void renew(Distributor distributor, long nowNanos) {
        List<Endpoint> weighty = weighty();
        List<Endpoint> fit = weighty.stream().filter(one -> one.standing.isFit()).toList();
        boolean tooFew =
                fit.size() * 100L < (long) weighty.size() * policy.balancing().panicPercent();
        Spill spill = tooFew ? Spill.NONE : Spill.of(zone, policy, weighty, nowNanos);
        Shares shares = Shares.of(tooFew ? weighty : fit, spill, policy.balancing(), nowNanos);
        Map<HostPort, Endpoint> pinnable =
                all.values().stream()
                        .filter(one -> tooFew || one.standing.isFit())
                        .collect(Collectors.toUnmodifiableMap(Endpoint::address, one -> one));
        lots = new Lots(distributor, shares, pinnable);
        if (tooFew != panic) {
            panic = tooFew;
            observer.onPanic(tooFew, fit.size(), weighty.size());
        }
    }

    // ---- for people

    /** Whether all are used, as too few are fit. */
    public boolean isPanic() {
        return panic;
    }

    /** How often one was ejected. */
    public long ejections() {
        return ejections;
    }

    /** In the order of the configuration. */
    public synchronized List<EndpointStatus> status(long nowNanos) {
        List<EndpointStatus> statuses = new ArrayList<>();
        for (Endpoint endpoint : all.values()) {
            statuses.add(status(endpoint, nowNanos));
        }
        return statuses;
    }

    @GuardedBy("this")
    private EndpointStatus status(Endpoint endpoint, long nowNanos) {
        Standing standing = endpoint.standing;
        return new EndpointStatus(
                endpoint.address(),
                standing.zone,
                standing.weight,
                use(standing),
                endpoint.inFlight(),
                endpoint.averageNanos(nowNanos),
                Reasons.of(endpoint, policy, lots.shares.spill(), panic, nowNanos));
    }

    private EndpointStatus.Use use(Standing standing) {
        if (standing.weight == 0) {
            return EndpointStatus.Use.RESTING;
        }
        if (standing.isFit() || panic) {
            return lots.shares.spill().spares(standing)
                    ? EndpointStatus.Use.SPARE
                    : EndpointStatus.Use.USED;
        }
        return standing.isEjected() ? EndpointStatus.Use.EJECTED : EndpointStatus.Use.UNWELL;
    }
}
