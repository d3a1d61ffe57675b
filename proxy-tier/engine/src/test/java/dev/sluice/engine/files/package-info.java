@NullMarked
package dev.sluice.engine.files;

import org.jspecify.annotations.NullMarked;
