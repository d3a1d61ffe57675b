@NullMarked
package dev.sluice.engine.http;

import org.jspecify.annotations.NullMarked;
