package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;

/**
 * A destination of a GLB table.
 *
 * @param address as written: bits behind the prefix are kept, and not looked at when matching
 * @param prefixBits 0 to those of the address
 * @param firstPort inclusive, from 0
 * @param lastPort inclusive, to 65535
 */
public record GlbBind(
        Address address, int prefixBits, Protocol protocol, int firstPort, int lastPort) {

    /** What it matches as a pool's bind: without port 0, and bits behind the prefix cleared. */
    public Bind toPool() {
        byte[] block = address.bytes();
        for (int i = 0; i < block.length; i++) {
            block[i] &= (byte) (0xff00 >> Math.clamp(prefixBits - 8L * i, 0, 8));
        }
        return new Bind(Address.of(block), prefixBits, protocol, Math.max(1, firstPort), lastPort);
    }
}
