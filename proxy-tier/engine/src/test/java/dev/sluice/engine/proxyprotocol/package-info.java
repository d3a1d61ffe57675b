@NullMarked
package dev.sluice.engine.proxyprotocol;

import org.jspecify.annotations.NullMarked;
