package dev.sluice.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.lab.upstream.TalkRecord;
import dev.sluice.lab.upstream.UpstreamServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a talk notices. */
class TalkIT {
    private static final Duration PACE = Duration.ofMillis(5);
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Served-By: proxy-7\r\n\r\n";

    @Test
    void endsWellWhenEveryRecordCameBack() throws Exception {
        try (UpstreamServer server = UpstreamServer.start("upstream-1", loopback());
                Crowd crowd = Crowd.start(() -> dial(server.address()), 20, PACE)) {
            await().until(crowd::isUnderWay);
            Crowd.Mark mark = crowd.mark();
            await().until(() -> mark.isPassed(10));
            crowd.stop();
            assertThat(crowd.broken()).isEmpty();
            assertThat(crowd.exchanges()).isGreaterThanOrEqualTo(20 * 11);
            assertThat(crowd.slowest()).isPositive();
        }
    }

    @Test
    void knowsWhoServesIt() throws Exception {
        try (Answering server = new Answering((in, out) -> echo(in, out, 2))) {
            Talk talk = start(server);
            await().until(() -> talk.exchanges() == 2);
            assertThat(talk.servedBy()).isEqualTo("proxy-7");
        }
    }

    @Test
    void noticesARecordThatIsNotItsOwn() throws Exception {
        Answer altered =
                (in, out) -> {
                    byte[] record = next(in);
                    record[40] ^= 1;
                    send(out, record);
                };
        assertThat(breakOf(altered)).isEqualTo(FailureKind.WRONG_BODY);
    }

    @Test
    void noticesARecordTwice() throws Exception {
        Answer twice =
                (in, out) -> {
                    byte[] record = next(in);
                    send(out, record);
                    send(out, record);
                    next(in);
                };
        assertThat(breakOf(twice)).isEqualTo(FailureKind.WRONG_BODY);
    }

    @Test
    void noticesAnEndThatItDidNotAskFor() throws Exception {
        assertThat(breakOf((in, out) -> echo(in, out, 3))).isEqualTo(FailureKind.CLOSED_EARLY);
        Answer proper =
                (in, out) -> {
                    echo(in, out, 1);
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                };
        assertThat(breakOf(proper)).isEqualTo(FailureKind.CLOSED_EARLY);
    }

    @Test
    void noticesAReset() throws Exception {
        Answer reset =
                (in, out) -> {
                    echo(in, out, 1);
                    throw new ResetException();
                };
        assertThat(breakOf(reset)).isEqualTo(FailureKind.RESET);
    }

    @Test
    void theServerObjectsToAWrongRecord() throws Exception {
        try (UpstreamServer server = UpstreamServer.start("upstream-1", loopback());
                HttpConnection connection = dial(server.address())) {
            connection.beginPost("/talk/5");
            connection.sendChunk(TalkRecord.of(5, 0));
            InputStream body = connection.readHead().body();
            assertThat(body.readNBytes(TalkRecord.LENGTH)).isEqualTo(TalkRecord.of(5, 0));
            connection.sendChunk(TalkRecord.of(6, 1));
            assertThat(body.readNBytes(TalkRecord.LENGTH))
                    .hasSize(TalkRecord.LENGTH)
                    .isNotEqualTo(TalkRecord.of(6, 1));
        }
    }

    private static FailureKind breakOf(Answer answer) throws Exception {
        try (Answering server = new Answering(answer)) {
            return start(server).end().get(60, TimeUnit.SECONDS).orElseThrow().kind();
        }
    }

    private static Talk start(Answering server) {
        Talk talk = new Talk(3, PACE);
        talk.start(() -> dial(server.address()));
        return talk;
    }

    private static HttpConnection dial(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        return new HttpConnection(socket, "test");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** What a server does once it has the head of the request. */
    private interface Answer {
        void give(InputStream in, OutputStream out) throws IOException;
    }

    private static final class ResetException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** A server for one connection. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, loopback().getAddress());

        Answering(Answer answer) throws IOException {
            Thread.ofVirtual().start(() -> serve(answer));
        }

        private void serve(Answer answer) {
            try (Socket socket = listener.accept()) {
                readHead(socket.getInputStream());
                socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
                try {
                    answer.give(socket.getInputStream(), socket.getOutputStream());
                } catch (ResetException e) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                // The client has gone.
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
    }

    private static void echo(InputStream in, OutputStream out, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            send(out, next(in));
        }
    }

    /** The record of the next chunk: "40" in hexadecimal, and line ends. */
    private static byte[] next(InputStream in) throws IOException {
        byte[] chunk = in.readNBytes(4 + TalkRecord.LENGTH + 2);
        byte[] record = new byte[TalkRecord.LENGTH];
        System.arraycopy(chunk, 4, record, 0, record.length);
        return record;
    }

    private static void send(OutputStream out, byte[] record) throws IOException {
        out.write("40\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(record);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
