package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Where a TLS session is ended by the proxy, the client answers that (close_notify, RFC 8446 §6.1):
 * a proxy that is gone by then has its kernel reset the connection, and systems throw away what
 * they had received.
 */
final class TlsEndIT {
    /** A client may be too late for the proxy's two seconds; without them it always is. */
    private static final int ATTEMPTS = 10;

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

    @TempDir Path folder;
    private TestCertificate certificate;

    @BeforeEach
    void certify() throws Exception {
        certificate = TestCertificate.write(folder, "a", "a.test");
    }

    @Test
    void theLastAnswerOfAConnectionIsNotReset() throws Exception {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.with(certificate.tls(), "", server)) {
            assertThat(endsInPeace(bench.port, GET, "hello")).isTrue();
        }
    }

    /** TLS on the server's side ends as a whole, and so the client's does. */
    @Test
    void theLastBytesOfAStreamAreNotReset() throws Exception {
        Server.Behaviour behaviour =
                (wire, _) -> {
                    wire.readBytes(1);
                    wire.send("hello");
                };
        try (Server server = Server.on(sockets(), behaviour);
                Bench bench = new Bench()) {
            String upstream =
                    "    tls: {trust: %s, name: a.test}".formatted(certificate.certificate());
            bench.apply(
                    bench.listener("    kind: tcp\n    upstream: app\n" + certificate.tls())
                            + bench.upstream(upstream, server));
            assertThat(endsInPeace(bench.port, "x", "hello")).isTrue();
        }
    }

    private ServerSocket sockets() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.bundle().toKeyManagerFactory().getKeyManagers(), null, null);
        return context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static boolean endsInPeace(int port, String request, String lastWords)
            throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    SSLSocket session = session(socket);
                    Wire wire = new Wire(session)) {
                wire.send(request);
                assertThat(wire.readTextToEnd()).endsWith(lastWords);
                if (isAnswerTaken(socket, session)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static SSLSocket session(Socket socket) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket session =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(socket, "a.test", socket.getPort(), false);
        session.setEnabledProtocols(new String[] {"TLSv1.3"});
        return session;
    }

    /** On loopback a reset is there when the call that provokes it returns. */
    private static boolean isAnswerTaken(Socket socket, SSLSocket session) {
        try {
            // Behind the session's end there is the connection's.
            assertThat(socket.getInputStream().read()).isNegative();
            session.shutdownOutput();
            socket.getOutputStream().write(0);
            return true;
        } catch (IOException ignored) {
            return false;
        }
    }
}
