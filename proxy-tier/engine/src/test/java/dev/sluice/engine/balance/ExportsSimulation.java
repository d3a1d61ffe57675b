package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.Balancing;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The case of a post-mortem: three equal servers, thirty clients with checks of 50 ms, and three
 * exports of 40 minutes that come five seconds apart. Whoever counts connections takes an export
 * for a check, and piles them up. Servers share their processor among what they have.
 */
final class ExportsSimulation {
    private static final int SERVERS = 3;
    private static final int SEEDS = 40;
    private static final long TICK = 10_000_000;
    private static final long CHECK = 50_000_000;
    private static final long EXPORT = 40 * 60 * Crowd.SECOND;
    private static final long PAUSE = 2 * Crowd.SECOND;

    /** Work per server that is the most / the mean: 1 is even, 3 is all on one. */
    @Test
    void byLatencyAndAgeTheWorkIsEvenWhereCountingFails() {
        double worstByWork = 0;
        double meanByCount = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            double byWork = new Run(Balancing.Method.PEAK_EWMA, seed).spread();
            assertThat(byWork).as("seed %d", seed).isLessThanOrEqualTo(1.05);
            worstByWork = Math.max(worstByWork, byWork);
            meanByCount += new Run(Balancing.Method.LEAST_REQUEST, seed).spread() / SEEDS;
        }
        assertThat(meanByCount)
                .as("by count, beside %.3f by work", worstByWork)
                .isGreaterThan(1.25);
    }

    /** A job on a server. */
    private static final class Job {
        final Endpoint endpoint;
        final long began;
        final int client;
        long left;

        Job(Endpoint endpoint, long began, int client, long left) {
            this.endpoint = endpoint;
            this.began = began;
            this.client = client;
            this.left = left;
        }
    }

    /** Three minutes: then all is placed. */
    private static final class Run {
        final Crowd crowd;
        final List<List<Job>> servers = new ArrayList<>();
        final long[] given = new long[SERVERS];
        final long[] nextCheck = new long[30];

        Run(Balancing.Method method, long seed) {
            crowd = new Crowd(method, seed);
            crowd.adopt(SERVERS);
            for (int i = 0; i < SERVERS; i++) {
                servers.add(new ArrayList<>());
            }
            for (int i = 0; i < nextCheck.length; i++) {
                nextCheck[i] = (long) (crowd.random.nextDouble() * PAUSE);
            }
        }

        double spread() {
            int exports = 0;
            while (crowd.now < 180 * Crowd.SECOND) {
                crowd.now += TICK;
                if (exports < 3 && crowd.now >= (60 + 5 * exports) * Crowd.SECOND) {
                    begin(-1, EXPORT);
                    exports++;
                }
                for (int i = 0; i < nextCheck.length; i++) {
                    if (crowd.now >= nextCheck[i]) {
                        nextCheck[i] = Long.MAX_VALUE;
                        begin(i, CHECK);
                    }
                }
                servers.forEach(this::work);
            }
            long most = Arrays.stream(given).max().orElseThrow();
            return most * SERVERS / (double) Arrays.stream(given).sum();
        }

        private void begin(int client, long work) {
            Endpoint endpoint = crowd.begin();
            int number = Crowd.number(endpoint);
            given[number] += work;
            servers.get(number).add(new Job(endpoint, crowd.now, client, work));
        }

        private void work(List<Job> jobs) {
            long slice = jobs.isEmpty() ? 0 : TICK / jobs.size();
            for (Iterator<Job> all = jobs.iterator(); all.hasNext(); ) {
                Job job = all.next();
                job.left -= slice;
                if (job.left <= 0) {
                    all.remove();
                    job.endpoint.answered(job.began, crowd.now);
                    job.endpoint.end(job.began);
                    nextCheck[job.client] = crowd.now + PAUSE;
                }
            }
        }
    }
}
