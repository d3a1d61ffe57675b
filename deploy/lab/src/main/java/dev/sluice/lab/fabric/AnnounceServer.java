package dev.sluice.lab.fabric;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A router's end of announcements, where a BGP speaker stands elsewhere. Each host that forwards
 * for the VIPs holds one TCP connection and sends a line on it now and then, which is answered; it
 * is a next hop until the connection ends or falls silent for the hold time. One virtual thread per
 * connection.
 */
public final class AnnounceServer implements AutoCloseable {
    /** Four times the pause of the image's speaker. */
    public static final Duration HOLD_TIME = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(AnnounceServer.class);
    private static final byte[] ANSWER = "ok\n".getBytes(StandardCharsets.US_ASCII);

    /** Where next hops are kept. */
    public interface Routes {
        /**
         * @param device of this host through which the address is reached
         */
        void add(String address, String device) throws IOException;

        void remove(String address) throws IOException;
    }

    private final ServerSocket server;
    private final Routes routes;
    private final Duration holdTime;

    /** By address; a host that connects again ends what it had before. */
    private final Map<String, Socket> sessions = new ConcurrentHashMap<>();

    private AnnounceServer(ServerSocket server, Routes routes, Duration holdTime) {
        this.server = server;
        this.routes = routes;
        this.holdTime = holdTime;
    }

    public static AnnounceServer start(InetSocketAddress listen, Routes routes, Duration holdTime)
            throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(listen);
        AnnounceServer started = new AnnounceServer(server, routes, holdTime);
        Thread.ofVirtual().name("announcements").start(started::accept);
        return started;
    }

    /** With the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket session = server.accept();
                Thread.ofVirtual().name("announcement").start(() -> serve(session));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    log.atWarn().setCause(e).log("announcements.not_accepted");
                }
            }
        }
    }

    private void serve(Socket session) {
        String peer = session.getInetAddress().getHostAddress();
        try (session) {
            session.setSoTimeout((int) holdTime.toMillis());
            Socket before = sessions.put(peer, session);
            if (before != null) {
                before.close();
            }
            hold(session, peer);
            log.atInfo().addKeyValue("host", peer).log("announcement.ended");
        } catch (IOException e) {
            log.atInfo()
                    .addKeyValue("host", peer)
                    .addKeyValue("why", e.getMessage())
                    .log("announcement.lost");
        }
    }

    private void hold(Socket session, String peer) throws IOException {
        String device = NetworkInterface.getByInetAddress(session.getLocalAddress()).getName();
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(session.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream answers = session.getOutputStream();
        try {
            while (lines.readLine() != null) {
                routes.add(peer, device);
                answers.write(ANSWER);
            }
        } finally {
            if (sessions.remove(peer, session)) {
                routes.remove(peer);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
