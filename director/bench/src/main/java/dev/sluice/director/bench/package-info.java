/**
 * Benchmarks. Of the program: start with {@link dev.sluice.director.bench.DirectorBench}, {@code
 * sluice bench director}. Of the tables and of what a controller computes: {@code mvn -pl
 * director/bench -am verify -DskipTests -Dbench.skip=false}.
 */
@NullMarked
package dev.sluice.director.bench;

import org.jspecify.annotations.NullMarked;
