@NullMarked
package dev.sluice.engine.balance;

import org.jspecify.annotations.NullMarked;
