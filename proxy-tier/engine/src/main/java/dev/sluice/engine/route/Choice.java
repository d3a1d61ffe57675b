package dev.sluice.engine.route;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.l7.route.Split;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A {@link Split} made ready to choose. By a key it is weighted rendezvous: each share draws {@code
 * -ln(u) / weight} by a hash of its upstream's name and the key, and the smallest wins. So all
 * proxies agree, the order of the text does not matter, and a share that gets more weight takes
 * keys from others, but gives none away.
 *
 * @param <T> what is chosen
 */
public final class Choice<T> {
    /** Nothing secret: every proxy must come to the same result, after a restart as well. */
    private static final SipHash.Key SEED = new SipHash.Key(0x73706c6974L, 0x736c75696365L);

    private static final double UNIT = 0x1.0p-53;

    private final List<Share<T>> shares;
    private final Drawing drawing;

    private record Share<T>(T target, int weight, byte[] name) {}

    /** Where the number of a share comes from: evenly out of (0, 1). */
    private interface Drawing {
        double draw(byte[] name, byte[] key);
    }

    private final KeySource keys;

    private interface KeySource {
        byte[] of(RequestHead head, Peer peer);
    }

    /**
     * Makes one.
     *
     * @param target of an upstream's name
     * @param forwarding knows what trusted peers say of clients
     */
    public Choice(Split split, Function<String, T> target, Forwarding forwarding) {
        shares =
                split.shares().stream()
                        .filter(share -> share.weight() > 0)
                        .map(share ->
                                new Share<>(
                                        target.apply(share.upstream()),
                                        share.weight(),
                                        share.upstream().getBytes(StandardCharsets.UTF_8)))
                        .toList();
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("no share has a weight");
        }
        byte[] none = new byte[0];
        keys =
                split.by()
                        .map(key -> new KeyReader(key, forwarding))
                        .<KeySource>map(reader -> reader::read)
                        .orElse((_, _) -> none);
        drawing = split.by().isPresent() ? Choice::hashed : (_, _) -> random();
    }

    /** Whom a request goes to. */
    public T of(RequestHead head, Peer peer) {
        if (shares.size() == 1) {
            return shares.getFirst().target;
        }
        byte[] key = keys.of(head, peer);
        Share<T> best = shares.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (Share<T> share : shares) {
            // StrictMath: the same on every machine.
            double drawn = -StrictMath.log(drawing.draw(share.name, key)) / share.weight;
            if (drawn < least) {
                least = drawn;
                best = share;
            }
        }
        return best.target;
    }

    private static double random() {
        return 1 - ThreadLocalRandom.current().nextDouble();
    }

    private static double hashed(byte[] name, byte[] key) {
        byte[] message = Arrays.copyOf(name, name.length + 1 + key.length);
        System.arraycopy(key, 0, message, name.length + 1, key.length);
        return ((SipHash.hash(SEED, message) >>> 11) + 1) * UNIT;
    }
}
