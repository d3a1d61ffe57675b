package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;

/** A request fails only on a hurt node, or within a fault's budget; and there were some. */
record NewRequests() implements Checker {
    /** Fewer prove nothing. */
    private static final int FEWEST = 100;

    @Override
    public String promise() {
        return "no request failed beyond the faults' budgets";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        Excuses excuses = Excuses.of(events);
        List<Request> requests = History.all(events, Request.class);
        long answered = requests.stream().filter(r -> r.failure().isEmpty()).count();
        if (answered < FEWEST) {
            return List.of(new Violation(0, "only " + answered + " requests were answered"));
        }
        return requests.stream()
                .filter(request -> request.failure().isPresent() && !excuses.excuse(request))
                .map(request ->
                        new Violation(
                                request.atMs(), text(request, request.failure().orElseThrow())))
                .toList();
    }

    private static String text(Request request, Broken broken) {
        return "%s %s from %s, served by %s, failed after %d ms: %s, %s"
                .formatted(
                        request.method(),
                        request.id(),
                        request.client(),
                        request.proxy().isEmpty() ? "nobody" : request.proxy(),
                        request.endMs() - request.atMs(),
                        broken.kind(),
                        broken.message());
    }

    @Override
    public String seen(List<Event> events) {
        List<Request> requests = History.all(events, Request.class);
        long failed = requests.stream().filter(r -> r.failure().isPresent()).count();
        return "%,d of %,d failed".formatted(failed, requests.size());
    }
}
