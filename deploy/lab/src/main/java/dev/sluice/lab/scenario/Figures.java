package dev.sluice.lab.scenario;

import dev.sluice.lab.Report;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Convergence;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What a history comes to, in a few numbers. */
final class Figures {
    static final String PINS = "pinned connections";
    static final String BROKEN = "of them broken";
    static final String HURT = "of them on a node that was hurt";
    static final String REQUESTS = "requests";
    static final String FAILED = "requests that failed";
    static final String DETECTED = "detected after";
    static final String RECOVERED = "last failure of a new request after";
    static final String WHOLE = "whole after healing";
    static final String CHANGED = "slowest change, from asking to accepted";
    static final String STALL = "longest stall of a pinned connection";

    private Figures() {}

    static void addTo(Report report, List<Event> events) {
        List<Pin> pins = History.all(events, Pin.class);
        List<Request> requests = History.all(events, Request.class);
        List<Fault> faults = History.all(events, Fault.class);
        report.figure(PINS, pins.size());
        report.figure(HURT, pins.stream().filter(pin -> isOnHurtNode(pin, faults)).count());
        report.figure(BROKEN, pins.stream().filter(pin -> pin.broken().isPresent()).count());
        report.figure(
                STALL,
                seconds(
                        pins.stream()
                                .filter(pin -> pin.broken().isEmpty())
                                .mapToLong(Pin::stallMs)
                                .max()));
        report.figure(REQUESTS, requests.size());
        report.figure(FAILED, requests.stream().filter(r -> r.failure().isPresent()).count());
        report.figure(RECOVERED, seconds(recovered(requests, faults)));
        report.figure(
                DETECTED,
                seconds(
                        faults.stream()
                                .filter(f -> f.detectedMs().isPresent())
                                .mapToLong(f -> f.detectedMs().getAsLong() - f.atMs())
                                .max()));
        report.figure(
                CHANGED,
                seconds(
                        History.all(events, Event.Change.class).stream()
                                .mapToLong(c -> c.endMs() - c.atMs())
                                .max()));
        report.figure(
                WHOLE,
                seconds(
                        History.all(events, Convergence.class).stream()
                                .mapToLong(c -> c.endMs() - c.atMs())
                                .max()));
        report.figure(
                "last resorts (packets)",
                History.all(events, LastResorts.class).stream()
                        .mapToLong(LastResorts::packets)
                        .sum());
    }

    private static boolean isOnHurtNode(Pin pin, List<Fault> faults) {
        return faults.stream()
                .anyMatch(f ->
                        f.excused().contains(pin.proxy()) || f.excused().contains(pin.upstream()));
    }

    /** From the beginning of the fault before it to the last request that failed. */
    private static OptionalLong recovered(List<Request> requests, List<Fault> faults) {
        return requests.stream()
                .filter(request -> request.failure().isPresent())
                .mapToLong(request -> sinceFault(request, faults))
                .max();
    }

    private static long sinceFault(Request request, List<Fault> faults) {
        return faults.stream()
                .filter(fault -> fault.atMs() <= request.endMs())
                .mapToLong(fault -> request.atMs() - fault.atMs())
                .filter(since -> since >= 0)
                .min()
                .orElse(0);
    }

    private static String seconds(OptionalLong millis) {
        return millis.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%.1f s", millis.getAsLong() / 1000.0);
    }
}
