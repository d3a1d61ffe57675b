package dev.sluice.lab.traffic;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLException;

/** How a client saw a connection or request fail. */
public enum FailureKind {
    /** The connection was refused by a reset. */
    REFUSED,
    /** The router knew no way. */
    UNREACHABLE,
    /** No answer to SYNs in time. */
    CONNECT_TIMEOUT,
    /** An established connection was reset. */
    RESET,
    /** An established connection ended in the middle of a response. */
    CLOSED_EARLY,
    /** No byte came for too long. */
    READ_TIMEOUT,
    /** Not a 2xx. */
    STATUS,
    /** Not the bytes that were asked for. */
    WRONG_BODY,
    /** The handshake or a record. */
    TLS,
    OTHER;

    static FailureKind ofConnect(IOException e) {
        return switch (e) {
            case SocketTimeoutException t -> CONNECT_TIMEOUT;
            case NoRouteToHostException n -> UNREACHABLE;
            case ConnectException c -> REFUSED;
            default -> ofExchange(e);
        };
    }

    static FailureKind ofExchange(IOException e) {
        return switch (e) {
            case SocketTimeoutException t -> READ_TIMEOUT;
            case EOFException c -> CLOSED_EARLY;
            case SSLException s -> TLS;
            case WrongBodyException w -> WRONG_BODY;
            case StatusException a -> STATUS;
            default -> isReset(e) ? RESET : OTHER;
        };
    }

    private static boolean isReset(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("reset") || message.contains("Broken pipe");
    }
}
