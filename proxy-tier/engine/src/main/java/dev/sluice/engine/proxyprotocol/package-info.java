/**
 * The header in which a load balancer tells of a connection's client (HAProxy's PROXY protocol,
 * versions 1 and 2): start with {@link dev.sluice.engine.proxyprotocol.HeaderReading}.
 */
@NullMarked
package dev.sluice.engine.proxyprotocol;

import org.jspecify.annotations.NullMarked;
