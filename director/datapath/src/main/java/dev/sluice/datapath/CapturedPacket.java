package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.OuterHeaders;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A packet, and what a director's program did with it.
 *
 * @param ktimeNs on the clock of {@link KernelClock}
 * @param pool empty: of none
 * @param bind empty: for none, or for one that is gone by now
 * @param hash of a packet that was forwarded; else 0
 * @param generation of the table that was asked; 0: none was
 * @param frame as it left the program, its beginning
 * @param length of the whole frame
 */
public record CapturedPacket(
        long ktimeNs,
        DirectorCounter verdict,
        Optional<String> pool,
        Optional<Bind> bind,
        long hash,
        long generation,
        byte[] frame,
        int length) {

    public boolean isForwarded() {
        return verdict == DirectorCounter.FORWARDED;
    }

    /** Of one that was forwarded. */
    public int row() {
        return (int) hash & 0xffff;
    }

    /** The hops that it was sent along; of one that was not forwarded none. */
    public List<Address> chain() {
        return isForwarded() ? OuterHeaders.chain(frame) : List.of();
    }

    /** As the client sent it, behind the link layer of the frame that left. */
    public CapturedPacket withoutOuterHeaders() {
        if (!isForwarded()) {
            return this;
        }
        byte[] client = OuterHeaders.strip(frame);
        return new CapturedPacket(
                ktimeNs,
                verdict,
                pool,
                bind,
                hash,
                generation,
                client,
                length - (frame.length - client.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapturedPacket that
                && ktimeNs == that.ktimeNs
                && verdict == that.verdict
                && pool.equals(that.pool)
                && bind.equals(that.bind)
                && hash == that.hash
                && generation == that.generation
                && length == that.length
                && Arrays.equals(frame, that.frame);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(ktimeNs) + Arrays.hashCode(frame);
    }
}
