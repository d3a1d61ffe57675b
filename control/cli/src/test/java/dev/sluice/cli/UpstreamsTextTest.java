package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.cluster.v1.EndpointState;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.UpstreamState;

import org.junit.jupiter.api.Test;

class UpstreamsTextTest {
    private static final UpstreamState APP =
            UpstreamState.newBuilder()
                    .setName("app")
                    .setRequests(8)
                    .setEjections(1)
                    .addEndpoints(
                            EndpointState.newBuilder()
                                    .setAddress("198.18.3.1:80")
                                    .setZone("zone-a")
                                    .setWeight(1)
                                    .setUse("used")
                                    .setInFlight(8)
                                    .setLatencyUs(12_340))
                    .addEndpoints(
                            EndpointState.newBuilder()
                                    .setAddress("198.18.3.2:80")
                                    .setWeight(10)
                                    .setUse("ejected")
                                    .addWhy("ejected after 5 failures in a row")
                                    .addWhy("slow start"))
                    .build();

    private static ListUpstreamsReply reply(UpstreamState upstream) {
        return ListUpstreamsReply.newBuilder()
                .addProxies(ProxyAnswer.newBuilder().setProxy("proxy-1").addUpstreams(upstream))
                .build();
    }

    @Test
    void saysOfEachEndpointWhatItIsUsedForAndWhy() {
        assertThat(UpstreamsText.isClean(reply(APP))).isTrue();
        assertThat(UpstreamsText.of("", reply(APP)))
                .isEqualTo(
                        """
                        proxy-1
                          app   requests 8   ejections 1
                            ENDPOINT       ZONE    USE      WEIGHT  IN FLIGHT  LATENCY  WHY
                            198.18.3.1:80  zone-a  used     1       8          12.3ms
                            198.18.3.2:80  -       ejected  10      0          -        ejected after 5 failures in a row; slow start
                        """);
    }

    @Test
    void panicIsLoudAndNotClean() {
        ListUpstreamsReply panic = reply(APP.toBuilder().setPanic(true).setLeftOut(3).build());
        assertThat(UpstreamsText.isClean(panic)).isFalse();
        assertThat(UpstreamsText.of("", panic))
                .contains("   PANIC: all are used, fit or not\n")
                .contains("    and 3 more\n");
    }

    @Test
    void aProxyWithoutAnAnswerIsNotClean() {
        ListUpstreamsReply silent =
                ListUpstreamsReply.newBuilder()
                        .addProxies(
                                ProxyAnswer.newBuilder()
                                        .setProxy("proxy-1")
                                        .setProblem("no answer within 12 s"))
                        .build();
        assertThat(UpstreamsText.isClean(silent)).isFalse();
        assertThat(UpstreamsText.of("", silent))
                .isEqualTo("proxy-1: NO ANSWER: no answer within 12 s\n");
    }

    @Test
    void nothingIsSaidToo() {
        assertThat(UpstreamsText.of("", ListUpstreamsReply.getDefaultInstance()))
                .isEqualTo("no proxy runs\n");
        ListUpstreamsReply none =
                ListUpstreamsReply.newBuilder()
                        .addProxies(ProxyAnswer.newBuilder().setProxy("proxy-1"))
                        .build();
        assertThat(UpstreamsText.of("", none)).isEqualTo("proxy-1: no upstreams\n");
        assertThat(UpstreamsText.of("apq", none)).isEqualTo("proxy-1: no upstream 'apq'\n");
    }
}
