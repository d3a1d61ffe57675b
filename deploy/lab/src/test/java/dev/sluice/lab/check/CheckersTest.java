package dev.sluice.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Cluster.Usage;
import dev.sluice.lab.check.Checker.Violation;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.Change;
import dev.sluice.lab.history.Event.Convergence;
import dev.sluice.lab.history.Event.Delivery;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.Event.Rest;
import dev.sluice.lab.traffic.FailureKind;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Each checker fires on what it is for, and on nothing else. */
class CheckersTest {
    private static final Fault PROXY_KILL = fault("kill -9 proxy-1", 6000, "proxy-1");

    // --- pinned connections ---

    @Test
    void aPinThatBreaksUnderAHarmlessFaultIsAViolation() {
        assertThat(fires(new PinnedConnections(), fault("pause director-1", 0), broken("proxy-1")))
                .singleElement()
                .satisfies(v -> assertThat(v.atMs()).isEqualTo(7000))
                .satisfies(v -> assertThat(v.text()).contains("TALK 4", "proxy-1", "RESET"));
    }

    @Test
    void aPinThatBreaksWithItsOwnProxyIsNone() {
        assertThat(fires(new PinnedConnections(), PROXY_KILL, broken("proxy-1"))).isEmpty();
    }

    @Test
    void aPinOfAnotherProxyIsNotExcused() {
        assertThat(fires(new PinnedConnections(), PROXY_KILL, broken("proxy-2"))).hasSize(1);
    }

    @Test
    void aPinOfAKilledServerIsExcused() {
        Fault kill = fault("kill -9 upstream-1", 2000, "upstream-1");
        assertThat(fires(new PinnedConnections(), kill, broken("proxy-2"))).isEmpty();
    }

    @Test
    void aPinThatBrokeBeforeTheFaultIsNotExcused() {
        Fault late =
                new Fault(
                        8000,
                        9000,
                        "kill",
                        "proxy-1",
                        0,
                        List.of("proxy-1"),
                        false,
                        OptionalLong.empty());
        assertThat(fires(new PinnedConnections(), late, broken("proxy-1"))).hasSize(1);
    }

    // --- answers ---

    @Test
    void noFaultExcusesAWrongByte() {
        Request mixed = request("GET", 6000, "proxy-1", FailureKind.WRONG_BODY, "answered 'r2 …'");
        assertThat(fires(new Answers(), PROXY_KILL, mixed)).hasSize(1);
        assertThat(fires(new Answers(), PROXY_KILL, pin("proxy-1", FailureKind.WRONG_BODY)))
                .hasSize(1);
        assertThat(fires(new Answers(), PROXY_KILL, broken("proxy-1"))).isEmpty();
    }

    // --- deliveries ---

    @Test
    void aPostThatArrivesTwiceIsAViolation() {
        assertThat(
                        fires(
                                new Deliveries(),
                                new Delivery(1, "upstream-1", "r1", "POST"),
                                new Delivery(2, "upstream-2", "r1", "POST")))
                .singleElement()
                .satisfies(v ->
                        assertThat(v.text()).isEqualTo("r1 reached upstream-1 and upstream-2"));
    }

    @Test
    void aGetMayArriveTwice() {
        assertThat(
                        fires(
                                new Deliveries(),
                                new Delivery(1, "upstream-1", "r1", "GET"),
                                new Delivery(2, "upstream-2", "r1", "GET")))
                .isEmpty();
    }

    @Test
    void anAnsweredPostThatNoServerSawIsAViolation() {
        assertThat(fires(new Deliveries(), answered("POST", 1))).hasSize(1);
        assertThat(
                        fires(
                                new Deliveries(),
                                answered("POST", 1),
                                new Delivery(9, "upstream-1", "r1", "POST")))
                .isEmpty();
    }

    // --- new requests ---

    @Test
    void aRequestMayFailWithinABudgetAndNotBeyond() {
        assertThat(withManyAnswered(PROXY_KILL, failed(10_900, ""))).isEmpty();
        assertThat(withManyAnswered(PROXY_KILL, failed(11_100, ""))).hasSize(1);
    }

    @Test
    void aRequestOfAHurtProxyMayFailWhileThatLasts() {
        assertThat(withManyAnswered(PROXY_KILL, failed(12_500, "proxy-1"))).isEmpty();
        assertThat(withManyAnswered(PROXY_KILL, failed(12_500, "proxy-2"))).hasSize(1);
        assertThat(withManyAnswered(PROXY_KILL, failed(13_500, "proxy-1"))).hasSize(1);
    }

    @Test
    void noRequestMayFailWithoutABudget() {
        Fault harmless = fault("kill -9 director-1", 0);
        assertThat(withManyAnswered(harmless, failed(5001, ""))).hasSize(1);
    }

    @Test
    void aHistoryWithHardlyARequestProvesNothing() {
        assertThat(fires(new NewRequests(), answered("GET", 1)))
                .singleElement()
                .satisfies(v -> assertThat(v.text()).contains("only 1"));
    }

    // --- last resorts ---

    @Test
    void oneLastResortIsAnAlarm() {
        assertThat(fires(new LastResort(), new LastResorts(9000, 1))).hasSize(1);
        assertThat(fires(new LastResort(), new LastResorts(9000, 0))).isEmpty();
    }

    @Test
    void oneEchoInFiveHundredRequestsIsNoAlarm() {
        List<Event> events = new ArrayList<>();
        IntStream.range(0, 999).forEach(n -> events.add(answered("GET", n)));
        events.add(new LastResorts(9000, 1));
        assertThat(new LastResort().check(events)).isEmpty();
        events.add(new LastResorts(9001, 2));
        assertThat(new LastResort().check(events)).hasSize(1);
    }

    @Test
    void onlyFaultsThatLeaveStraysExcuseALastResort() {
        LastResorts three = new LastResorts(9000, 3);
        Fault cut =
                new Fault(
                        5000,
                        9000,
                        "cut proxy-1 (from_node)",
                        "proxy-1",
                        0,
                        List.of(),
                        true,
                        OptionalLong.empty());
        assertThat(fires(new LastResort(), PROXY_KILL, three)).hasSize(1);
        assertThat(fires(new LastResort(), PROXY_KILL, cut, three)).isEmpty();
    }

    // --- recovery ---

    @Test
    void aClusterThatIsNotWholeInTimeIsAViolation() {
        assertThat(fires(new Recovery(), new Convergence(1, 90_001, false, "proxy-1 is dead")))
                .singleElement()
                .satisfies(v -> assertThat(v.text()).contains("90 s", "proxy-1 is dead"));
        assertThat(fires(new Recovery(), new Convergence(1, 2, true, ""))).isEmpty();
    }

    @Test
    void aScriptThatNobodyWaitedForIsAViolation() {
        assertThat(fires(new Recovery())).hasSize(1);
    }

    @Test
    void aChangeThatWasNeverAcceptedIsAViolation() {
        assertThat(
                        fires(
                                new Recovery(),
                                new Convergence(1, 2, true, ""),
                                new Change(3, 60_003, "drain proxy-1", "not caught up")))
                .singleElement()
                .satisfies(v -> assertThat(v.text()).contains("drain proxy-1", "not caught up"));
    }

    // --- leaks ---

    @Test
    void growthAtRestIsAViolationByKind() {
        Usage lean = new Usage(100_000, 50, 30, 40);
        assertThat(fires(new Leaks(), rest(1, lean), rest(2, new Usage(100_000, 90, 70, 40))))
                .extracting(Violation::text)
                .containsExactly(
                        "proxy-1: 90 files at rest, 50 at the beginning",
                        "proxy-1: 70 sockets at rest, 30 at the beginning");
        assertThat(fires(new Leaks(), rest(1, lean), rest(2, new Usage(300_000, 50, 30, 90))))
                .hasSize(2);
        assertThat(fires(new Leaks(), rest(1, lean), rest(2, new Usage(110_000, 60, 35, 42))))
                .isEmpty();
    }

    @Test
    void znodesMayGrowWithChangesAndPinsNever() {
        assertThat(fires(new Leaks(), cluster(1, 100, 20), cluster(2, 300, 20))).hasSize(1);
        assertThat(fires(new Leaks(), cluster(1, 100, 20), cluster(2, 120, 20))).isEmpty();
        assertThat(fires(new Leaks(), cluster(1, 100, 20), cluster(2, 100, 21))).hasSize(1);
    }

    @Test
    void aHistoryWithoutARestSaysNothingOfLeaks() {
        assertThat(new Leaks().applies(List.of(PROXY_KILL))).isFalse();
        assertThat(new Leaks().applies(List.of(cluster(1, 1, 1)))).isTrue();
    }

    // --- what histories are made of ---

    private static List<Violation> fires(Checker checker, Event... events) {
        assertThat(checker.seen(List.of(events))).isNotBlank();
        return checker.check(List.of(events));
    }

    private static List<Violation> withManyAnswered(Event... more) {
        List<Event> events = new ArrayList<>(List.of(more));
        IntStream.range(0, 200).forEach(n -> events.add(answered("GET", n)));
        return new NewRequests().check(events);
    }

    /** From the fifth to the thirteenth second. */
    private static Fault fault(String what, long budgetMs, String... excused) {
        return new Fault(
                5000, 13_000, what, "", budgetMs, List.of(excused), false, OptionalLong.empty());
    }

    private static Pin broken(String proxy) {
        return pin(proxy, FailureKind.RESET);
    }

    private static Pin pin(String proxy, FailureKind kind) {
        return new Pin(
                100,
                7000,
                PinKind.TALK,
                4,
                false,
                "198.19.0.4:40000",
                proxy,
                "upstream-1",
                20,
                300,
                Optional.of(new Broken(kind, "Connection reset")));
    }

    private static Request answered(String method, int number) {
        return new Request(
                1000,
                1003,
                "r" + number,
                method,
                false,
                "198.19.0.9",
                "proxy-3",
                "upstream-2",
                Optional.empty());
    }

    private static Request failed(long atMs, String proxy) {
        return request("GET", atMs, proxy, FailureKind.RESET, "Connection reset");
    }

    private static Request request(
            String method, long atMs, String proxy, FailureKind kind, String message) {
        return new Request(
                atMs,
                atMs + 5,
                "r1",
                method,
                false,
                "198.19.0.9",
                proxy,
                "",
                Optional.of(new Broken(kind, message)));
    }

    private static Rest rest(long atMs, Usage usage) {
        return new Rest(atMs, "proxy-1", Optional.of(usage), 0, 0);
    }

    private static Rest cluster(long atMs, long znodes, long pins) {
        return new Rest(atMs, "", Optional.empty(), znodes, pins);
    }
}
