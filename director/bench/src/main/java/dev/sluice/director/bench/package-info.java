/** Benchmarks: {@code mvn -pl director/bench -am package exec:exec@tables}. */
@NullMarked
package dev.sluice.director.bench;

import org.jspecify.annotations.NullMarked;
