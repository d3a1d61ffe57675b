@NullMarked
package dev.sluice.proxy.bench;

import org.jspecify.annotations.NullMarked;
