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
 * or goes only its own keys move. Immutable.
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
    }

    private static List<Point> points(Endpoint endpoint, int mostWeight) {
        int count = Math.max(1, POINTS * endpoint.standing.weight / mostWeight);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new Point(
                                place((endpoint + "#" + i).getBytes(StandardCharsets.UTF_8)),
                                endpoint))
                .toList();
    }

    /** Where a key is on every ring. */
    static long place(byte[] key) {
        return SipHash.hash(KEY, key);
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
            Endpoint owner = owners[(from + i) % points.length];
            int index = roster.indexOf(owner);
            if (index >= 0 && !picking.isOut(owner)) {
                if (isWithinBound(owner, roster.share(index), open, roster.total())) {
                    return owner;
                }
                otherwise = otherwise == null ? owner : otherwise;
            }
        }
        return otherwise;
    }

    private static boolean isWithinBound(Endpoint owner, int share, long open, long total) {
        long bound = Math.ceilDiv(open * share * BOUND, total * 100);
        return owner.inFlight() < bound;
    }
}
