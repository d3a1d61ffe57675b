package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** {@link OwnedRows} to and from its message; the row set is compressed. */
final class OwnedRowSets {
    private static final int BYTES = ForwardingTable.ROWS / 8;

    private OwnedRowSets() {}

    static dev.sluice.proto.cluster.v1.OwnedRows write(OwnedRows rows) {
        return dev.sluice.proto.cluster.v1.OwnedRows.newBuilder()
                .setProxy(rows.proxy())
                .setIncarnation(rows.incarnation())
                .setInstalledGeneration(rows.installedGeneration())
                .setFenced(rows.fenced())
                .setRowsDeflated(deflate(rows.rows()))
                .setFlows(rows.flows())
                .setScannedUnixMs(rows.scannedUnixMs())
                .build();
    }

    static OwnedRows read(String name, dev.sluice.proto.cluster.v1.OwnedRows proto) {
        return new OwnedRows(
                Strict.self("proxy", name, proto.getProxy()),
                Strict.name("incarnation", proto.getIncarnation()),
                Strict.atLeast("installed_generation", proto.getInstalledGeneration(), 0),
                proto.getFenced(),
                inflate("rows_deflated", proto.getRowsDeflated()),
                Strict.atLeast("flows", proto.getFlows(), 0),
                Strict.atLeast("scanned_unix_ms", proto.getScannedUnixMs(), 0));
    }

    private static ByteString deflate(RowSet rows) {
        if (rows.isEmpty()) {
            return ByteString.EMPTY;
        }
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(rows.bytes());
            deflater.finish();
            // Incompressible input grows by a few bytes per block only.
            byte[] out = new byte[BYTES + 64];
            int length = deflater.deflate(out);
            return ByteString.copyFrom(Arrays.copyOf(out, length));
        }
    }

    private static RowSet inflate(String field, ByteString deflated) {
        if (deflated.isEmpty()) {
            return RowSet.NONE;
        }
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(deflated.toByteArray());
            byte[] out = new byte[BYTES + 1];
            int length = inflater.inflate(out);
            Strict.check(
                    length <= BYTES && inflater.finished(),
                    field,
                    length + " bytes inflated",
                    "at most " + BYTES + " bytes");
            return RowSet.ofBytes(Arrays.copyOf(out, length));
        } catch (DataFormatException e) {
            throw new Strict.Invalid(
                    new RecordProblem(field, "broken data: " + e.getMessage(), "DEFLATE data"));
        }
    }
}
