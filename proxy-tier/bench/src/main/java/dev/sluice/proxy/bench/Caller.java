package dev.sluice.proxy.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client that asks the same over and over again, on one connection; it keeps a cookie. Blocks.
 */
final class Caller implements AutoCloseable {
    private static final int PATIENCE_MS = 120_000;
    private static final String LENGTH = "content-length: ";
    private static final String COOKIE = "set-cookie: ";

    private final Socket socket;
    private final InputStream in;
    private byte[] request;
    private String cookie = "";

    Caller(int port, String request) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        this.request = request.getBytes(StandardCharsets.ISO_8859_1);
    }

    void ask() throws IOException {
        socket.getOutputStream().write(request);
    }

    /** Something else for once. */
    void ask(String other) throws IOException {
        socket.getOutputStream().write(other.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes of the response's body; a failure is an exception. */
    long answer() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IOException("unexpected response: " + status);
        }
        long length = 0;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            chunked |= lower.startsWith("transfer-encoding:");
            if (lower.startsWith(LENGTH)) {
                length = Long.parseLong(lower.substring(LENGTH.length()));
            } else if (lower.startsWith(COOKIE)) {
                keep(line.substring(COOKIE.length()).split(";", 2)[0]);
            }
        }
        if (!chunked) {
            in.skipNBytes(length);
            return length;
        }
        for (int size = chunk(); size > 0; size = chunk()) {
            length += size;
        }
        return length;
    }

    /** The first is sent with each request from now on. */
    private void keep(String given) {
        if (cookie.isEmpty()) {
            cookie = given;
            String head = new String(request, 0, request.length - 2, StandardCharsets.ISO_8859_1);
            request =
                    (head + "Cookie: " + given + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** What the proxy set; empty for none. */
    String cookie() {
        return cookie;
    }

    /** Its size; 0 for the last. */
    private int chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        in.skipNBytes(size);
        line();
        return size;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the proxy closed a connection");
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
