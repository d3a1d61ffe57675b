package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.PseudoRandomBytes;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A response longer than any test, every byte compared as it comes.
 *
 * @param bytesPerSecond that the server sends at most
 */
record DownloadExchange(long bytesPerSecond) implements HttpExchange {
    private static final long LENGTH = 1L << 40;
    private static final int CHUNK = 4096;

    @Override
    public PinKind kind() {
        return PinKind.DOWNLOAD;
    }

    @Override
    public void run(HttpConnection connection, Pinned pin) throws IOException {
        Response response =
                connection.get(
                        "/bytes/%d?seed=%d&rate=%d"
                                .formatted(LENGTH, pin.number(), bytesPerSecond));
        pin.served(response, 200);
        PseudoRandomBytes expected = new PseudoRandomBytes(pin.number());
        byte[] right = new byte[CHUNK];
        while (!pin.isStopped()) {
            expected.next(right);
            byte[] chunk = response.body().readNBytes(CHUNK);
            if (!Arrays.equals(chunk, 0, chunk.length, right, 0, chunk.length)) {
                throw new WrongBodyException("wrong within the 4096 bytes after " + pin.units());
            }
            if (chunk.length < CHUNK) {
                throw new EOFException("ended after " + (pin.units() + chunk.length) + " bytes");
            }
            pin.progress(CHUNK);
        }
    }
}
