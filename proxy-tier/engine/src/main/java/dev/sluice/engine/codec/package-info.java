/**
 * HTTP/1.1 on the wire: the only package that knows Netty's HTTP codec. Start with {@link
 * dev.sluice.engine.codec.Http1Server} and {@link dev.sluice.engine.codec.Http1Upstream}.
 */
@NullMarked
package dev.sluice.engine.codec;

import org.jspecify.annotations.NullMarked;
