package dev.sluice.lab.traffic;

import dev.sluice.cluster.pool.Address;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 connection of a client. Small on purpose: every byte and every fault of the
 * connection shows. Used by one thread; the thread may be virtual.
 */
public final class HttpConnection implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final byte[] CRLF = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String host;

    HttpConnection(Socket socket, String host) throws IOException {
        this.socket = socket;
        this.host = host;
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = socket.getOutputStream();
    }

    /** What the directors see as the source of this flow. */
    public InetSocketAddress source() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** The source's address as RFC 5952 writes it. */
    public String client() {
        return Address.of(source().getAddress().getAddress()).toString();
    }

    /**
     * Sends a GET and reads the response's head. Read the body to its end before the next one.
     *
     * @throws EOFException if the peer had closed the connection
     */
    public Response get(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return readHead();
    }

    /**
     * Sends a whole request, in one packet if it is small, and reads the response's head.
     *
     * @throws EOFException if the peer had closed the connection
     */
    Response send(String method, String path, byte[] body) throws IOException {
        byte[] head =
                "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                        .formatted(
                                method,
                                path,
                                host,
                                body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        out.write(ByteBuffer.allocate(head.length + body.length).put(head).put(body).array());
        out.flush();
        return readHead();
    }

    /** Asks for a WebSocket and reads the response's head; {@link #in} and {@link #out} are its. */
    Response upgrade(String path) throws IOException {
        String request =
                """
                GET %s HTTP/1.1\r
                Host: %s\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """
                        .formatted(path, host);
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return readHead();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Sends the head of a POST whose body follows in chunks. */
    void beginPost(String path) throws IOException {
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a part of the body, in one packet if it is small. */
    void sendChunk(byte[] data) throws IOException {
        byte[] size =
                (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer chunk = ByteBuffer.allocate(size.length + data.length + 2);
        out.write(chunk.put(size).put(data).put(CRLF).array());
        out.flush();
    }

    void endBody() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    Response readHead() throws IOException {
        String statusLine = readLine();
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("not a status line: '" + statusLine + "'");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Response(
                Integer.parseInt(words[1]),
                headers,
                words[1].equals("101") ? InputStream.nullInputStream() : body(headers));
    }

    private InputStream body(Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            return new ExactBody(in, Long.parseLong(length));
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new ChunkedBody(in);
        }
        throw new IOException("a response without a length: " + headers);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended in a response's head");
            }
            if (line.length() >= MAX_HEAD_BYTES) {
                throw new IOException("a line of more than " + MAX_HEAD_BYTES + " bytes");
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing more was wanted of it.
        }
    }

    /**
     * @param headers names in lower case
     */
    public record Response(int status, Map<String, String> headers, InputStream body) {
        public Response {
            headers = Map.copyOf(headers);
        }

        /** Which proxy answered; empty if it does not say. */
        public String servedBy() {
            return headers.getOrDefault("x-served-by", "");
        }

        /** The peer will close the connection after this response. */
        public boolean isLast() {
            return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        }

        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /** A body of stated length, whose early end is an error. */
    private static final class ExactBody extends InputStream {
        private final InputStream in;
        private long left;

        ExactBody(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection ended " + left + " bytes too early");
            }
            left -= count;
            return count;
        }
    }
}
