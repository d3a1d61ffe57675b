package dev.sluice.engine.http;

import java.util.Optional;

/** What a client's TLS handshake came to. Immutable. */
public interface Security {

    /** That the client proved to have; empty if it was not asked, or had none. */
    Optional<ClientCertificate> certificate();

    /**
     * Whether requests for this host may use the connection: its terms are those under which the
     * connection was made (RFC 9110 §7.4).
     *
     * @param host in lower case, without port
     */
    boolean isFor(String host);
}
