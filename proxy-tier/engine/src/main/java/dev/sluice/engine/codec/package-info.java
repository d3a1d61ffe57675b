/**
 * HTTP/1.1 and HTTP/2 on the wire: the only package that knows Netty's HTTP codecs. Start with
 * {@link dev.sluice.engine.codec.Reception} and {@link dev.sluice.engine.codec.Http1Upstream}.
 */
@NullMarked
package dev.sluice.engine.codec;

import org.jspecify.annotations.NullMarked;
