package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.TraceFlowReply;
import dev.sluice.proto.cluster.v1.DirectorAnswer;
import dev.sluice.proto.cluster.v1.DirectorTrace;
import dev.sluice.proto.cluster.v1.TraceHop;

import org.junit.jupiter.api.Test;

class TraceTextTest {
    private static final DirectorTrace FORWARDED =
            DirectorTrace.newBuilder()
                    .setVerdict("forwarded")
                    .setPool("web")
                    .setBind("203.0.113.10:80/tcp")
                    .setGeneration(7)
                    .setHash("5f0c64a1be4d2f10")
                    .setRow(12_048)
                    .addChain(
                            TraceHop.newBuilder()
                                    .setProxy("proxy-3")
                                    .setAddress("198.18.53.10")
                                    .setOpen(true)
                                    .setWhy("first of epoch 2"))
                    .build();

    @Test
    void saysOfEachDirectorWhatItsProgramDecidedAndWhy() {
        TraceFlowReply reply = reply(answer("director-1", FORWARDED));

        assertThat(TraceText.isClean(reply)).isTrue();
        assertThat(TraceText.of("a → b/tcp", reply))
                .isEqualTo(
                        """
                        a → b/tcp
                        director-1: forwarded
                          bind 203.0.113.10:80/tcp   pool web   generation 7   hash 5f0c64a1be4d2f10   row 12048
                          1. proxy-3 198.18.53.10   open   first of epoch 2
                        """);
    }

    @Test
    void aMismatchIsLoudAndNotClean() {
        TraceFlowReply reply =
                reply(
                        answer("director-1", FORWARDED),
                        answer(
                                "director-2",
                                FORWARDED.toBuilder().addDisagreements("hash: x, y").build()));

        assertThat(TraceText.isClean(reply)).isFalse();
        assertThat(TraceText.of("f", reply)).contains("  MISMATCH, report this: hash: x, y\n");
    }

    @Test
    void aDirectorWithoutAnAnswerIsNotClean() {
        TraceFlowReply reply =
                reply(
                        DirectorAnswer.newBuilder()
                                .setDirector("director-1")
                                .setProblem("no session")
                                .build());

        assertThat(TraceText.isClean(reply)).isFalse();
        assertThat(TraceText.of("f", reply)).contains("director-1: NO ANSWER: no session\n");
    }

    @Test
    void aFlowOfNoPoolIsTheKernels() {
        TraceFlowReply reply =
                reply(
                        answer(
                                "director-1",
                                DirectorTrace.newBuilder().setVerdict("pass_no_bind").build()));

        assertThat(TraceText.isClean(reply)).isTrue();
        assertThat(TraceText.of("f", reply))
                .contains("director-1: pass_no_bind: no bind matches, left to the kernel\n");
    }

    private static DirectorAnswer answer(String director, DirectorTrace trace) {
        return DirectorAnswer.newBuilder().setDirector(director).setTrace(trace).build();
    }

    private static TraceFlowReply reply(DirectorAnswer... answers) {
        TraceFlowReply.Builder reply = TraceFlowReply.newBuilder();
        for (DirectorAnswer answer : answers) {
            reply.addDirectors(answer);
        }
        return reply.build();
    }
}
