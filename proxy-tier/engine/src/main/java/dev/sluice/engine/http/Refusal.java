package dev.sluice.engine.http;

import java.util.Locale;

/** Why a client's connection was closed before its protocol began. */
public enum Refusal {
    /** PROXY header, ClientHello and handshake did not end in time. */
    OPENING_TIMEOUT,
    /** A peer that must begin with a PROXY header did not, or not with a whole one. */
    PROXY_HEADER,
    /** What came is no TLS, or too much of it. */
    CLIENT_HELLO,
    /** No certificate, and no server, is for the name that was asked for. */
    UNKNOWN_NAME,
    /** No common version or cipher, a certificate that does not prove anything, or a hang-up. */
    HANDSHAKE,
    /** Who must prove who he is did not, whatever session he came back with. */
    NO_CLIENT_CERTIFICATE;

    /** A stable name for logs and metrics. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
