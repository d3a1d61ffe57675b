package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.PseudoRandomBytes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A request without an end; at last the server says what it received. */
record UploadExchange() implements HttpExchange {
    private static final int CHUNK = 4096;

    @Override
    public PinKind kind() {
        return PinKind.UPLOAD;
    }

    @Override
    public void run(HttpConnection connection, Pinned pin) throws IOException {
        PseudoRandomBytes bytes = new PseudoRandomBytes(pin.number());
        MessageDigest digest = PseudoRandomBytes.newSha256();
        connection.beginPost("/digest");
        send(connection, pin, bytes, digest);
        Response response = connection.readHead();
        pin.served(response, 200);
        while (!pin.isStopped()) {
            pin.rest();
            send(connection, pin, bytes, digest);
        }
        connection.endBody();
        String said = new String(response.body().readAllBytes(), StandardCharsets.US_ASCII).strip();
        String right = pin.units() + " " + HexFormat.of().formatHex(digest.digest());
        if (!said.equals(right)) {
            throw new WrongBodyException("sent " + right + ", arrived " + said);
        }
    }

    private static void send(
            HttpConnection connection, Pinned pin, PseudoRandomBytes bytes, MessageDigest digest)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        bytes.next(chunk);
        digest.update(chunk);
        connection.sendChunk(chunk);
        pin.progress(CHUNK);
    }
}
