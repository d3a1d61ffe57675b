/** Certificates, keys and what serves them: start with {@link dev.sluice.engine.tls.TlsServer}. */
@NullMarked
package dev.sluice.engine.tls;

import org.jspecify.annotations.NullMarked;
