/**
 * What a request costs the proxy's process, beside HAProxy and nginx on the same machine at the
 * same time: start with {@link dev.sluice.proxy.bench.ProxyBench}.
 */
@NullMarked
package dev.sluice.proxy.bench;

import org.jspecify.annotations.NullMarked;
