package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A server that is at fault beside one that is well: what clients see, and what is done. */
final class FaultyServersIT {
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf";
    private static final String NONSENSE = "SSH-2.0-whatever\r\n\r\n";

    /** What it does with the requests that it gets, by version. */
    enum Fault {
        HANGS {
            @Override
            void h1(Wire wire, int turn) {}

            @Override
            void h2(H2Wire h2, int stream, int turn) {}
        },
        RESETS {
            @Override
            void h1(Wire wire, int turn) {
                wire.reset();
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.wire().reset();
            }
        },
        FAILS {
            @Override
            void h1(Wire wire, int turn) {
                wire.send("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.head(stream, true, ":status", "500");
            }
        },
        ANSWERS_GARBAGE {
            @Override
            void h1(Wire wire, int turn) {
                wire.send(NONSENSE);
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.wire().send(NONSENSE);
            }
        },
        BREAKS_OFF {
            @Override
            void h1(Wire wire, int turn) {
                wire.send(HALF);
                wire.close();
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.head(stream, false, ":status", "200", "content-length", "8");
                h2.data(stream, false, "half");
                h2.close();
            }
        },
        STALLS {
            @Override
            void h1(Wire wire, int turn) {
                wire.send(HALF);
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.head(stream, false, ":status", "200", "content-length", "8");
                h2.data(stream, false, "half");
            }
        },
        /** As a whole slower than a response may be quiet. */
        DRIPS {
            @Override
            void h1(Wire wire, int turn) {
                for (String part :
                        List.of("HTTP/1.1 200 OK\r\n", "Content-Length: 4\r\n\r\n", "dr", "ip")) {
                    wire.isQuietFor(500);
                    wire.send(part);
                }
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.wire().isQuietFor(500);
                h2.head(stream, false, ":status", "200", "content-length", "4");
                for (String part : List.of("d", "ri", "p")) {
                    h2.wire().isQuietFor(500);
                    h2.data(stream, part.equals("p"), part);
                }
            }
        },
        FLAPS {
            @Override
            void h1(Wire wire, int turn) {
                wire.send(
                        turn % 5 == 0
                                ? Server.ok("flap")
                                : "HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n");
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                boolean well = turn % 5 == 0;
                h2.head(stream, !well, ":status", well ? "200" : "503");
                if (well) {
                    h2.data(stream, true, "flap");
                }
            }
        },
        REFUSES {
            @Override
            void h1(Wire wire, int turn) {
                throw new UnsupportedOperationException("nothing in HTTP/1.1 says that");
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.reset(stream, H2Wire.REFUSED_STREAM);
            }
        },
        RESETS_ITS_STREAM {
            @Override
            void h1(Wire wire, int turn) {
                throw new UnsupportedOperationException("HTTP/1.1 has none");
            }

            @Override
            void h2(H2Wire h2, int stream, int turn) {
                h2.reset(stream, H2Wire.INTERNAL_ERROR);
            }
        },
        /** It takes connections. */
        SAYS_NOTHING {
            @Override
            void serve(Wire wire, String version, AtomicInteger asked) {
                asked.incrementAndGet();
                wire.readToEnd();
            }
        },
        IS_NOT_THERE {
            @Override
            Server start(String version, AtomicInteger asked) {
                Server gone = super.start(version, asked);
                gone.close();
                return gone;
            }
        };

        void h1(Wire wire, int turn) {}

        void h2(H2Wire h2, int stream, int turn) {}

        void serve(Wire wire, String version, AtomicInteger asked) {
            if (version.equals("h1")) {
                while (true) {
                    wire.readRequest();
                    h1(wire, asked.incrementAndGet());
                }
            }
            H2Wire h2 = H2Wire.serve(wire);
            while (true) {
                int stream = h2.await(H2Wire.HEADERS).stream();
                h2(h2, stream, asked.incrementAndGet());
            }
        }

        Server start(String version, AtomicInteger asked) {
            return Server.of((wire, _) -> serve(wire, version, asked));
        }
    }

    private static Server good(String version) {
        return version.equals("h1")
                ? Server.saying("good")
                : Server.of((wire, _) -> {
                    H2Wire h2 = H2Wire.serve(wire);
                    while (true) {
                        int stream = h2.await(H2Wire.HEADERS).stream();
                        h2.head(stream, false, ":status", "200");
                        h2.data(stream, true, "good");
                    }
                });
    }

    /** In each row: what is set for the upstream, what clients see, and what is asked again. */
    @ParameterizedTest(name = "{0} by {1}, {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HANGS | h1 | responseTimeout: 300ms | 5 x 504 response-timeout, 15 x good | none | response-timeout
                    HANGS | h2 | responseTimeout: 300ms | 5 x 504 response-timeout, 15 x good | none | response-timeout
                    HANGS | h1 | retries: {perTryTimeout: 100ms} | 20 x good | 5 x UPSTREAM_TIMEOUT | response-timeout
                    HANGS | h2 | retries: {perTryTimeout: 100ms} | 20 x good | 5 x UPSTREAM_TIMEOUT | response-timeout
                    SAYS_NOTHING | h1 | responseTimeout: 300ms | 5 x 504 response-timeout, 15 x good | none | response-timeout
                    SAYS_NOTHING | h2 | connectTimeout: 300ms | 20 x good | 5 x CONNECT_FAILED | connect-failed
                    IS_NOT_THERE | h1 | connectTimeout: 1s | 20 x good | 5 x CONNECT_FAILED | connect-failed
                    IS_NOT_THERE | h2 | connectTimeout: 1s | 20 x good | 5 x CONNECT_FAILED | connect-failed
                    RESETS | h1 | responseTimeout: 60s | 20 x good | 5 x UPSTREAM_CLOSED | upstream-closed
                    RESETS | h2 | responseTimeout: 60s | 20 x good | 5 x UPSTREAM_CLOSED | upstream-closed
                    RESETS | h1 | retries: {least: 0, percent: 0} | 5 x 502 upstream-closed, 15 x good | none | upstream-closed
                    RESETS | h2 | retries: {least: 0, percent: 0} | 5 x 502 upstream-closed, 15 x good | none | upstream-closed
                    RESETS_ITS_STREAM | h2 | responseTimeout: 60s | 5 x 502 upstream-closed, 15 x good | none | upstream-closed
                    FAILS | h1 | responseTimeout: 60s | 15 x good, 5 x 500 own | none | status 500
                    FAILS | h2 | responseTimeout: 60s | 15 x good, 5 x 500 own | none | status 500
                    ANSWERS_GARBAGE | h1 | responseTimeout: 60s | 5 x 502 bad-response, 15 x good | none | bad-response
                    ANSWERS_GARBAGE | h2 | responseTimeout: 60s | 5 x 502 bad-response, 15 x good | none | bad-response
                    BREAKS_OFF | h1 | responseTimeout: 60s | 5 x cut, 15 x good | none | upstream-closed
                    BREAKS_OFF | h2 | responseTimeout: 60s | 5 x cut, 15 x good | none | upstream-closed
                    STALLS | h1 | responseTimeout: 300ms | 5 x cut, 15 x good | none | response-timeout
                    STALLS | h2 | responseTimeout: 300ms | 5 x cut, 15 x good | none | response-timeout
                    """)
    void isEjectedAfterFive(
            Fault fault, String version, String keys, String seen, String retried, String why) {
        AtomicInteger asked = new AtomicInteger();
        try (Server bad = fault.start(version, asked);
                Server good = good(version);
                Bench bench = bench(version, keys, bad, good)) {
            assertThat(views(bench, 20)).containsExactlyInAnyOrder(seen.split(", ", -1));
            assertThat(retries(bench)).isEqualTo(retried);
            UpstreamIT.assertEjected(bench);
            assertThat(UpstreamIT.first(bench).why().getFirst()).contains("the last: " + why + ";");
            assertThat(asked).hasValue(fault == Fault.IS_NOT_THERE ? 0 : 5);
        }
    }

    /** One that is slow, well in between, or says itself that it did nothing. */
    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DRIPS | h1 | responseTimeout: 1500ms | 6 | 3 x drip, 3 x good | none
                    DRIPS | h2 | responseTimeout: 1500ms | 6 | 3 x drip, 3 x good | none
                    FLAPS | h1 | responseTimeout: 60s | 40 | 16 x 503 own, 4 x flap, 20 x good | none
                    FLAPS | h2 | responseTimeout: 60s | 40 | 16 x 503 own, 4 x flap, 20 x good | none
                    REFUSES | h2 | responseTimeout: 60s | 20 | 20 x good | 20 x UPSTREAM_REFUSED
                    """)
    void staysInUse(
            Fault fault, String version, String keys, int requests, String seen, String retried) {
        try (Server bad = fault.start(version, new AtomicInteger());
                Server good = good(version);
                Bench bench = bench(version, keys, bad, good)) {
            assertThat(views(bench, requests)).containsExactlyInAnyOrder(seen.split(", ", -1));
            assertThat(retries(bench)).isEqualTo(retried);
            assertThat(UpstreamIT.first(bench).use()).isEqualTo(EndpointStatus.Use.USED);
            assertThat(UpstreamIT.first(bench).why()).isEmpty();
        }
    }

    private static Bench bench(String version, String keys, Server bad, Server good) {
        String upstream = "    balance: round-robin\n    version: " + version + "\n    " + keys;
        return Bench.with("", upstream, bad, good);
    }

    /** What clients see of so many requests, one after the other, and how many do. */
    private static List<String> views(Bench bench, int requests) {
        Map<String, Integer> views = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            views.merge(view(bench), 1, Integer::sum);
        }
        return times(views).toList();
    }

    private static String view(Bench bench) {
        try {
            return UpstreamIT.reason(bench.get("/"));
        } catch (UncheckedIOException brokenOff) {
            return "cut";
        }
    }

    private static String retries(Bench bench) {
        Map<String, Integer> retries = new TreeMap<>();
        bench.engine
                .figures()
                .retries()
                .forEach((why, times) -> retries.put(why.name(), times.intValue()));
        retries.values().removeIf(times -> times == 0);
        return retries.isEmpty() ? "none" : times(retries).collect(joining(", "));
    }

    private static Stream<String> times(Map<String, Integer> counts) {
        return counts.entrySet().stream().map(one -> one.getValue() + " x " + one.getKey());
    }
}
