package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.ProxyProtocol;
import dev.sluice.cluster.l7.UpstreamVersion;
import dev.sluice.engine.tls.TlsClient;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * An endpoint and all that matters about how it is spoken to: connections are shared among requests
 * to equal ones only.
 *
 * @param tls null for plaintext
 * @param proxyProtocol empty if the endpoint is not told who the client is
 * @param limit of connections to it; null for none
 */
public record Target(
        HostPort endpoint,
        UpstreamVersion version,
        @Nullable TlsClient tls,
        Optional<ProxyProtocol.Version> proxyProtocol,
        @Nullable ConnectionLimit limit) {}
