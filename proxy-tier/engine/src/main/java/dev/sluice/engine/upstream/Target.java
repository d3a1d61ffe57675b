package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.engine.tls.TlsClient;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint and all that matters about how it is spoken to: connections are shared among requests
 * to equal ones only.
 *
 * @param tls null for plaintext
 */
public record Target(HostPort endpoint, HttpVersion version, @Nullable TlsClient tls) {}
