/** Benchmarks: {@code mvn -pl director/bench -am verify -DskipTests -Dbench.skip=false}. */
@NullMarked
package dev.sluice.director.bench;

import org.jspecify.annotations.NullMarked;
