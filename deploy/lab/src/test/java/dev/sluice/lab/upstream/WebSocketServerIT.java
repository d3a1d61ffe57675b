package dev.sluice.lab.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class WebSocketServerIT {
    @Test
    void sendsRightRecordsBackAndObjectsToWrongOnes() throws Exception {
        try (WebSocketServer server = WebSocketServer.start("upstream-1", loopback());
                Socket socket = connect(server)) {
            assertThat(head(socket))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .contains("X-Upstream: upstream-1");

            assertThat(exchange(socket, TalkRecord.of(9, 0))).isEqualTo(TalkRecord.of(9, 0));
            assertThat(exchange(socket, TalkRecord.of(9, 5))).isEqualTo(TalkRecord.OBJECTION);

            WebSocketFrame.normalClose().writeMasked(socket.getOutputStream());
            assertThat(WebSocketFrame.read(socket.getInputStream()).isClose()).isTrue();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The key and what answers it are those of RFC 6455, 1.3. */
    private static Socket connect(WebSocketServer server) throws IOException {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.getOutputStream()
                .write(
                        """
                        GET /socket/9 HTTP/1.1\r
                        Host: lab.example\r
                        Connection: Upgrade\r
                        Upgrade: websocket\r
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                        \r
                        """
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        return head.toString();
    }

    private static byte[] exchange(Socket socket, byte[] record) throws IOException {
        WebSocketFrame.binary(record).writeMasked(socket.getOutputStream());
        return WebSocketFrame.read(socket.getInputStream()).payload();
    }
}
