package dev.sluice.proxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Asks a proxy what a script says, when it says so: a late answer holds nobody up. Requests go over
 * connections that rest, or new ones.
 */
final class Play {
    private final int port;
    private final Deque<Caller> resting = new ConcurrentLinkedDeque<>();

    private Play(int port) {
        this.port = port;
    }

    /**
     * Milliseconds from when a request was due to its answer, without those that a server works for
     * it, in the order of the script.
     */
    static double[] of(Script script, int port) throws IOException, InterruptedException {
        Play play = new Play(port);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long began = System.nanoTime();
            List<Future<Double>> answers = new ArrayList<>();
            for (Script.Step step : script.steps()) {
                long due = began + step.atNanos();
                answers.add(clients.submit(() -> play.ask(step.millis(), due)));
            }
            double[] millis = new double[answers.size()];
            for (int i = 0; i < millis.length; i++) {
                millis[i] = answers.get(i).get();
            }
            return millis;
        } catch (ExecutionException e) {
            throw new IOException("a request was not answered: " + e.getCause(), e);
        } finally {
            for (Caller caller : play.resting) {
                caller.close();
            }
        }
    }

    private double ask(int millis, long due) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        Caller rested = resting.poll();
        Caller caller = rested == null ? new Caller(port, "") : rested;
        caller.ask("GET /" + millis + " HTTP/1.1\r\nHost: bench\r\n\r\n");
        caller.answer();
        resting.push(caller);
        return (System.nanoTime() - due) / 1e6 - millis;
    }
}
