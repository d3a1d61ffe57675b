package dev.sluice.lab.upstream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/**
 * The lab's WebSocket server: {@code /socket/N} takes the records of talk N as messages, checks
 * each and sends it back, or an objection in its place. One virtual thread per connection; closing
 * it ends them.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BACKLOG = 512;
    private static final int MAX_HEAD = 16 * 1024;

    private final String name;
    private final ServerSocket server;

    private WebSocketServer(String name, ServerSocket server) {
        this.name = name;
        this.server = server;
    }

    public static WebSocketServer start(String name, InetSocketAddress listen) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(listen, BACKLOG);
        WebSocketServer server = new WebSocketServer(name, socket);
        Thread.ofVirtual().name("websockets").start(server::accept);
        return server;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException ignored) {
                // Closed, or the client has left already: the next round tells.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = head(in);
            OutputStream out = socket.getOutputStream();
            out.write(answer(head).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            talk(in, out, number(head));
        } catch (IOException | IllegalArgumentException ignored) {
            // The client left, or is none: its connection ends.
        }
    }

    private static void talk(InputStream in, OutputStream out, long number) throws IOException {
        for (long place = 0; ; place++) {
            WebSocketFrame frame = WebSocketFrame.read(in);
            if (frame.isClose()) {
                WebSocketFrame.normalClose().write(out);
                return;
            }
            boolean right = TalkRecord.isRight(frame.payload(), number, place);
            (right ? frame : WebSocketFrame.binary(TalkRecord.OBJECTION)).write(out);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0 || head.length() > MAX_HEAD) {
                throw new EOFException("no request");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static long number(String head) {
        String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    private String answer(String head) {
        String key =
                head.lines()
                        .filter(line ->
                                line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no key"));
        return """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        X-Upstream: %s\r
        Sec-WebSocket-Accept: %s\r
        \r
        """
                .formatted(name, accept(key));
    }

    /** RFC 6455, 4.2.2. */
    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
