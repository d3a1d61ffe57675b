package dev.sluice.cluster.glb;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.pool.Address;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * GLB's binary forwarding table, version 2: what {@code glb-director-cli build-config} writes, byte
 * for byte. Little-endian and packed; addresses in network order, IPv4 in the first four of sixteen
 * bytes.
 *
 * <pre>
 * "GLBD" │ u32 version │ u32 tables │ u32 rows │ u32 most backends │ u32 most binds │ table …
 * table:   u32 backends │ 256 × { u32 family, 16 address, u16 state, u16 health }
 *          u32 binds    │ 256 × { u32 family, 16 address, u16 prefix bits, u16 first port,
 *                                 u16 last port, u8 protocol, u8 0 }
 *          16 hash key  │ 65,536 × { u32 primary, u32 secondary }
 * </pre>
 */
public final class GlbBinary {
    private static final int VERSION = 2;
    private static final int HEADER_LENGTH = 24;
    private static final int BACKEND_LENGTH = 24;
    private static final int BIND_LENGTH = 28;
    private static final int ADDRESS_LENGTH = 16;
    private static final int TABLE_LENGTH =
            4
                    + GlbTable.MAX_BACKENDS * BACKEND_LENGTH
                    + 4
                    + GlbTable.MAX_BINDS * BIND_LENGTH
                    + 16
                    + Rendezvous.ROWS * 8;

    private GlbBinary() {}

    /** Writes the whole file. */
    public static void write(List<GlbTable> tables, OutputStream out) throws IOException {
        byte[] bytes = new byte[HEADER_LENGTH];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.put("GLBD".getBytes(StandardCharsets.US_ASCII));
        header.putInt(VERSION).putInt(tables.size()).putInt(Rendezvous.ROWS);
        header.putInt(GlbTable.MAX_BACKENDS).putInt(GlbTable.MAX_BINDS);
        out.write(bytes);
        for (GlbTable table : tables) {
            out.write(image(table));
        }
    }

    private static byte[] image(GlbTable table) {
        byte[] bytes = new byte[TABLE_LENGTH];
        ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(table.backends().size());
        int backendsAt = image.position();
        table.backends().forEach(backend -> put(image, backend));
        image.position(backendsAt + GlbTable.MAX_BACKENDS * BACKEND_LENGTH);
        image.putInt(table.binds().size());
        int bindsAt = image.position();
        table.binds().forEach(bind -> put(image, bind));
        image.position(bindsAt + GlbTable.MAX_BINDS * BIND_LENGTH);
        image.put(table.hashKey().bytes());
        GlbRows rows = GlbRows.of(table);
        for (int row = 0; row < Rendezvous.ROWS; row++) {
            image.putInt(rows.primary(row)).putInt(rows.secondary(row));
        }
        return bytes;
    }

    private static void put(ByteBuffer image, GlbBackend backend) {
        put(image, backend.address());
        image.putShort((short) backend.state().number());
        image.putShort((short) (backend.healthy() ? 1 : 0));
    }

    private static void put(ByteBuffer image, GlbBind bind) {
        put(image, bind.address());
        image.putShort((short) bind.prefixBits());
        image.putShort((short) bind.firstPort()).putShort((short) bind.lastPort());
        image.put((byte) bind.protocol().number()).put((byte) 0);
    }

    private static void put(ByteBuffer image, Address address) {
        byte[] bytes = address.bytes();
        image.putInt(address.isIpv4() ? 1 : 2).put(bytes);
        image.position(image.position() + ADDRESS_LENGTH - bytes.length);
    }
}
