package dev.sluice.proxy.bench;

import java.util.Optional;

/**
 * What a case cost a proxy.
 *
 * @param micros of CPU for a request, in the rounds that count
 * @param ratio to HAProxy within each round; empty if it is not there, or for HAProxy itself
 */
public record BenchResult(BenchCase what, Peer peer, Samples micros, Optional<Samples> ratio) {}
