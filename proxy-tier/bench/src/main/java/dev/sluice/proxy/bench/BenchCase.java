package dev.sluice.proxy.bench;

import java.util.List;

/**
 * What is asked of each proxy.
 *
 * @param bodyBytes of each response
 * @param requests of each proxy in each round
 */
public record BenchCase(String name, boolean tls, int bodyBytes, int requests) {

    /** Small requests on kept connections first: they are what the goal is about. */
    public static List<BenchCase> all(int requests) {
        int large = Math.max(20, requests / 200);
        return List.of(
                new BenchCase("h1-small", false, 16, requests),
                new BenchCase("h1-1KiB", false, 1 << 10, requests),
                new BenchCase("h1-1MiB", false, 1 << 20, large),
                new BenchCase("tls-h1-small", true, 16, requests),
                new BenchCase("tls-h1-1KiB", true, 1 << 10, requests),
                new BenchCase("tls-h1-1MiB", true, 1 << 20, large));
    }

    String target() {
        return "/" + bodyBytes;
    }
}
