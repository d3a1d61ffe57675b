package dev.sluice.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** One end of a connection, byte by byte: for clients and servers that behave as they like. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Wire connect(int port) {
        try {
            return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With as small a buffer as the kernel gives. */
    static Wire narrow(int port) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new Wire(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message as it was on the wire: {@code \r\n} stands there as it is. */
    record Message(String head, String text, String trailers) {
        String firstLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        Optional<String> field(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> lower(line).startsWith(lower(name) + ":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }

        long count(String name) {
            return head.lines().filter(line -> lower(line).startsWith(lower(name) + ":")).count();
        }

        private static String lower(String text) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    /** A text block as it is on the wire: its lines end in CR LF. */
    static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With its body, framed by length or chunks. */
    Message readRequest() {
        String head = readHead();
        Message bare = new Message(head, "", "");
        if (bare.field("transfer-encoding").isPresent()) {
            return readChunked(head);
        }
        int length = Integer.parseInt(bare.field("content-length").orElse("0"));
        return new Message(head, latin(readBytes(length)), "");
    }

    /** With its body, framed by length, chunks, or the end of the connection. */
    Message readResponse() {
        String head = readHead();
        Message bare = new Message(head, "", "");
        if (bare.status() < 200 || bare.status() == 204 || bare.status() == 304) {
            return bare;
        }
        if (bare.field("transfer-encoding").isPresent()) {
            return readChunked(head);
        }
        return bare.field("content-length")
                .map(length -> new Message(head, latin(readBytes(Integer.parseInt(length))), ""))
                .orElseGet(() -> new Message(head, latin(readToEnd()), ""));
    }

    /** Up to the empty line, with it. */
    String readHead() {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int octet = read();
            if (octet < 0) {
                throw new UncheckedIOException(
                        new IOException("closed after \"" + head + "\" instead of a head"));
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private Message readChunked(String head) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(readBytes(size));
            readLine();
        }
        StringBuilder trailers = new StringBuilder();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            trailers.append(line).append("\r\n");
        }
        return new Message(head, latin(body.toByteArray()), trailers.toString());
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int chunkSize() {
        return Integer.parseInt(readLine().split(";", -1)[0].strip(), 16);
    }

    String readLine() {
        StringBuilder line = new StringBuilder();
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (octet < 0) {
                throw new UncheckedIOException(new IOException("closed within \"" + line + '"'));
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 1);
    }

    byte[] readBytes(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new IOException("closed after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String readText(int count) {
        return latin(readBytes(count));
    }

    String readTextToEnd() {
        return latin(readToEnd());
    }

    byte[] readToEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next octet; -1 at the end, also by a reset. */
    int read() {
        try {
            return in.read();
        } catch (SocketException e) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side ends the connection, without another byte, before patience ends. */
    boolean isEnded() {
        return read() < 0;
    }

    /** Whether nothing comes for a while, not even the end. */
    boolean isQuietFor(int millis) {
        try {
            socket.setSoTimeout(millis);
            in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            restorePatience();
        }
    }

    /** Whether something can be read before it was quiet for so long. */
    boolean hasBytesWithin(int millis) {
        try {
            return org.awaitility.Awaitility.await()
                            .pollDelay(java.time.Duration.ZERO)
                            .atMost(java.time.Duration.ofMillis(millis))
                            .until(in::available, available -> available > 0)
                    > 0;
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return false;
        }
    }

    private void restorePatience() {
        try {
            socket.setSoTimeout(PATIENCE_MS);
        } catch (SocketException ignored) {
            // It is closed: nothing will be waited for.
        }
    }

    Socket socket() {
        return socket;
    }

    /** Closes early, where that is the point. */
    void hangUp() {
        close();
    }

    /** Ends the connection with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
