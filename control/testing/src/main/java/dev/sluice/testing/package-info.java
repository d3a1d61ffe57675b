/** For the tests of all modules. */
@NullMarked
package dev.sluice.testing;

import org.jspecify.annotations.NullMarked;
