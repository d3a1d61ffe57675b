/**
 * The proxy process: start with {@link dev.sluice.proxy.ProxyProcess}. It observes (ZooKeeper, the
 * kernel's sockets, time), steps {@link dev.sluice.cluster.agent.ProxyHostStep}, and carries the
 * effects out on the redirect datapath and the L7 engine; it decides nothing itself.
 */
@NullMarked
package dev.sluice.proxy;

import org.jspecify.annotations.NullMarked;
