package dev.sluice.engine.balance;

import dev.sluice.cluster.hash.SipHash;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016): a key goes to the
 * first endpoint on the ring behind its hash, or on to the next if that one has a quarter more
 * requests than its share. All proxies have the same ring, so they agree; of an endpoint that comes
 * or goes only its own keys move. One that is due a part of its weight only, by a slow start or
 * between zones, takes that part of its keys, always the same. Immutable.
 */
final class Ring implements Distributor {
    /** Of an endpoint with the greatest weight; the others have fewer of the same. */
    private static final int POINTS = 256;

    /** Above an even share, in percent. */
    private static final int BOUND = 125;

    /** Everywhere the same; nobody has a secret here. */
    private static final SipHash.Key KEY = new SipHash.Key(0x736c75696365L, 0x72696e67L);

    private final long[] points;
    private final Endpoint[] owners;

    /** Of each point's owner: tells which keys it takes. */
    private final long[] seeds;

    private record Point(long hash, Endpoint owner) {}

    /** Of all endpoints with a weight, fit or not: their places do not change with their health. */
    Ring(List<Endpoint> endpoints) {
        int most = endpoints.stream().mapToInt(one -> one.standing.weight).max().orElse(1);
        List<Point> all =
                endpoints.stream()
                        .flatMap(one -> points(one, most).stream())
                        .sorted(
                                Comparator.comparingLong(Point::hash)
                                        .thenComparing(point -> point.owner().toString()))
                        .toList();
        points = all.stream().mapToLong(Point::hash).toArray();
        owners = all.stream().map(Point::owner).toArray(Endpoint[]::new);
        seeds = all.stream().mapToLong(point -> place(point.owner().toString())).toArray();
    }

    private static List<Point> points(Endpoint endpoint, int mostWeight) {
        int count = Math.max(1, POINTS * endpoint.standing.weight / mostWeight);
        return IntStream.range(0, count)
                .mapToObj(i -> new Point(place(endpoint + "#" + i), endpoint))
                .toList();
    }

    /** Where a key is on every ring. */
    static long place(byte[] key) {
        return SipHash.hash(KEY, key);
    }

    private static long place(String name) {
        return place(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable Endpoint pick(
            Roster roster, Picking picking, RandomGenerator random, long nowNanos) {
        if (points.length == 0 || roster.size() == 0) {
            return null;
        }
        int place = Arrays.binarySearch(points, picking.place());
        int from = place < 0 ? -place - 1 : place;
        long open = 1;
        for (int i = 0; i < roster.size(); i++) {
            open += roster.endpoint(i).inFlight();
        }
        Endpoint otherwise = null;
        for (int i = 0; i < points.length; i++) {
            int point = (from + i) % points.length;
            Endpoint owner = owners[point];
            int index = roster.indexOf(owner);
            if (index >= 0 && !picking.isOut(owner)) {
                if (takes(seeds[point], picking.place(), roster.part(index))
                        && isWithinBound(owner, roster.share(index), open, roster.total())) {
                    return owner;
                }
                otherwise = otherwise == null ? owner : otherwise;
            }
        }
        return otherwise;
    }

    /** Of the keys that meet it, so large a part. */
    private static boolean takes(long seed, long place, double part) {
        return part == 1 || (mixed(seed ^ place) >>> 11) * 0x1p-53 < part;
    }

    /** Neighbours on the ring have much in common; their mixtures do not (MurmurHash3). */
    private static long mixed(long value) {
        long half = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        return half ^ (half >>> 33);
    }

    private static boolean isWithinBound(Endpoint owner, int share, long open, long total) {
        long bound = Math.ceilDiv(open * share * BOUND, total * 100);
        return owner.inFlight() < bound;
    }
}
