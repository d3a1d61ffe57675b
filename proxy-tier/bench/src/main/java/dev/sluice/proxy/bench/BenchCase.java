package dev.sluice.proxy.bench;

import java.util.List;

/**
 * What is asked of each proxy.
 *
 * @param bodyBytes of each response
 * @param requests of each proxy in each round
 */
public record BenchCase(String name, Protocol protocol, int bodyBytes, int requests) {

    /** What clients speak; the server gets HTTP/1.1 in plaintext. */
    public enum Protocol {
        H1,
        TLS_H1,
        TLS_H2
    }

    /** Small requests on kept connections first: they are what the goal is about. */
    public static List<BenchCase> all(int requests) {
        int large = Math.max(20, requests / 200);
        return List.of(
                new BenchCase("h1-small", Protocol.H1, 16, requests),
                new BenchCase("h1-1KiB", Protocol.H1, 1 << 10, requests),
                new BenchCase("h1-1MiB", Protocol.H1, 1 << 20, large),
                new BenchCase("tls-h1-small", Protocol.TLS_H1, 16, requests),
                new BenchCase("tls-h1-1KiB", Protocol.TLS_H1, 1 << 10, requests),
                new BenchCase("tls-h1-1MiB", Protocol.TLS_H1, 1 << 20, large),
                new BenchCase("tls-h2-small", Protocol.TLS_H2, 16, requests),
                new BenchCase("tls-h2-1KiB", Protocol.TLS_H2, 1 << 10, requests),
                new BenchCase("tls-h2-1MiB", Protocol.TLS_H2, 1 << 20, large));
    }

    boolean isTls() {
        return protocol != Protocol.H1;
    }

    boolean isHttp2() {
        return protocol == Protocol.TLS_H2;
    }

    String target() {
        return "/" + bodyBytes;
    }
}
