package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From a packet to the table of its pool, by the most specific of all binds: the longest prefix,
 * then the smallest range of ports.
 *
 * @param tables of the pools, in the order in which they were installed first
 */
record PoolLookup(List<ForwardingTable> tables) {
    PoolLookup(Collection<ForwardingTable> tables) {
        this(List.copyOf(tables));
    }

    /** What a look-up says. */
    sealed interface Found {
        record Pool(ForwardingTable table) implements Found {}

        record Nobody() implements Found {}

        /** Of a fragment, whose port is not known. */
        record Several() implements Found {}
    }

    private record Candidate(ForwardingTable table, Bind bind) {
        int ports() {
            return bind.lastPort() - bind.firstPort();
        }
    }

    private static final Comparator<Candidate> MOST_SPECIFIC =
            Comparator.<Candidate>comparingInt(c -> -c.bind().prefixBits())
                    .thenComparingInt(Candidate::ports);

    Found find(InnerPacket packet) {
        return switch (packet.kind()) {
            case ECHO, ECHO_FRAGMENT -> findByAddress(packet);
            case FRAGMENT -> findByProtocol(packet);
            case TCP, UDP, ERROR, TOO_BIG ->
                    found(
                            candidates()
                                    .filter(c -> packet.flow().matches(c.bind()))
                                    .min(MOST_SPECIFIC));
        };
    }

    /** Belongs to a VIP: of the pools of the smallest block, to the first. */
    private Found findByAddress(InnerPacket packet) {
        return found(
                candidates()
                        .filter(c -> c.bind().covers(packet.flow().destination()))
                        .min(Comparator.comparingInt(c -> -c.bind().prefixBits())));
    }

    private Found findByProtocol(InnerPacket packet) {
        List<ForwardingTable> possible =
                candidates()
                        .filter(c -> c.bind().protocol() == packet.flow().protocol())
                        .filter(c -> c.bind().covers(packet.flow().destination()))
                        .map(Candidate::table)
                        .distinct()
                        .toList();
        return switch (possible.size()) {
            case 0 -> new Found.Nobody();
            case 1 -> new Found.Pool(possible.getFirst());
            default -> new Found.Several();
        };
    }

    private static Found found(Optional<Candidate> candidate) {
        return candidate.<Found>map(c -> new Found.Pool(c.table())).orElseGet(Found.Nobody::new);
    }

    private Stream<Candidate> candidates() {
        return tables.stream()
                .flatMap(t -> t.spec().binds().stream().map(b -> new Candidate(t, b)));
    }
}
