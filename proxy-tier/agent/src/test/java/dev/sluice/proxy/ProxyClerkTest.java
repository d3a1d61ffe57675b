package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.engine.upstream.WaitingStatus;
import dev.sluice.proto.cluster.v1.EndpointState;
import dev.sluice.proto.cluster.v1.MalformedMessage;
import dev.sluice.proto.cluster.v1.MalformedQuestion;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.TrafficQuestion;
import dev.sluice.proto.cluster.v1.UpstreamState;
import dev.sluice.proto.cluster.v1.UpstreamsQuestion;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

final class ProxyClerkTest {
    private final RecordedL7 l7 = new RecordedL7();
    private final ProxyClerk clerk = new ProxyClerk("proxy-1", l7);

    private static EndpointStatus endpoint() {
        return new EndpointStatus(
                HostPort.parse("198.18.3.1:80"),
                "zone-a",
                3,
                EndpointStatus.Use.EJECTED,
                7,
                12_345_000,
                List.of("ejected after 5 failures"));
    }

    private static ProxyQuestion about(String name) {
        return ProxyQuestion.newBuilder()
                .setUpstreams(UpstreamsQuestion.newBuilder().setName(name))
                .build();
    }

    @Test
    void endpointsAreToldWithTheirReasons() {
        l7.upstreams =
                List.of(
                        new UpstreamStatus(
                                "app",
                                true,
                                9,
                                2,
                                List.of(endpoint()),
                                Map.of(),
                                new WaitingStatus(4, 0, 0, 0, 0),
                                "no such name"),
                        new UpstreamStatus(
                                "web", false, 0, 0, List.of(), Map.of(), WaitingStatus.NONE, ""));
        ProxyAnswer answer = clerk.answer(about(""));
        assertThat(answer.getProxy()).isEqualTo("proxy-1");
        assertThat(answer.getUpstreamsList())
                .extracting(UpstreamState::getName)
                .containsExactly("app", "web");
        assertThat(answer.getUpstreams(0))
                .isEqualTo(
                        UpstreamState.newBuilder()
                                .setName("app")
                                .setPanic(true)
                                .setRequests(9)
                                .setEjections(2)
                                .setWaiting(4)
                                .setTrouble("no such name")
                                .addEndpoints(
                                        EndpointState.newBuilder()
                                                .setAddress("198.18.3.1:80")
                                                .setZone("zone-a")
                                                .setWeight(3)
                                                .setUse("ejected")
                                                .setInFlight(7)
                                                .setLatencyUs(12_345)
                                                .addWhy("ejected after 5 failures"))
                                .build());
        assertThat(clerk.answer(about("web")).getUpstreamsList())
                .extracting(UpstreamState::getName)
                .containsExactly("web");
    }

    @Test
    void whatHasNoRoomIsCounted() {
        l7.upstreams =
                List.of(
                        new UpstreamStatus(
                                "app",
                                false,
                                0,
                                0,
                                Collections.nCopies(2_500, endpoint()),
                                Map.of(),
                                WaitingStatus.NONE,
                                ""));
        UpstreamState told = clerk.answer(about("app")).getUpstreams(0);
        assertThat(told.getEndpointsCount()).isEqualTo(2_000);
        assertThat(told.getLeftOut()).isEqualTo(500);
    }

    @Test
    void anAnswerThatFitsIntoNoNodeSaysSo() {
        EndpointStatus wordy =
                new EndpointStatus(
                        HostPort.parse("198.18.3.1:80"),
                        "",
                        1,
                        EndpointStatus.Use.EJECTED,
                        0,
                        0,
                        List.of("x".repeat(1_000)));
        l7.upstreams =
                List.of(
                        new UpstreamStatus(
                                "app",
                                false,
                                0,
                                0,
                                Collections.nCopies(1_000, wordy),
                                Map.of(),
                                WaitingStatus.NONE,
                                ""));
        ProxyAnswer answer = clerk.answer(about("app"));
        assertThat(answer.getProxy()).isEqualTo("proxy-1");
        assertThat(answer.getUpstreamsList()).isEmpty();
        assertThat(answer.getProblem()).matches("the answer is too long: 10[0-9]{5} bytes");
    }

    @Test
    void aQuestionOfALaterVersionGetsAnAnswer() {
        assertThat(clerk.answer(ProxyQuestion.getDefaultInstance()).getProblem())
                .isEqualTo(
                        "cannot read the question: it is of a kind that this version does not know");
    }

    @Test
    void malformedMessagesAreToldWithTheirOctets() {
        byte[] octets = "GET\0".getBytes(StandardCharsets.US_ASCII);
        l7.malformed =
                List.of(
                        new Captures.Kept(
                                77,
                                Capture.request(
                                        "HTTP/1.1",
                                        HostPort.parse("198.18.1.1:4711"),
                                        Failure.MALFORMED,
                                        new Excerpt(octets, 2, 3, 9))));
        ProxyQuestion question =
                ProxyQuestion.newBuilder()
                        .setMalformed(MalformedQuestion.getDefaultInstance())
                        .build();
        assertThat(clerk.answer(question).getMalformedList())
                .containsExactly(
                        MalformedMessage.newBuilder()
                                .setUnixMs(77)
                                .setSide("request")
                                .setVersion("HTTP/1.1")
                                .setRemote("198.18.1.1:4711")
                                .setReason("malformed-request")
                                .setOctets(ByteString.copyFrom(octets))
                                .setBegin(2)
                                .setFault(3)
                                .setSize(9)
                                .build());
    }

    @Test
    void anotherServersTrafficIsItsLoad() {
        ProxyQuestion question =
                ProxyQuestion.newBuilder().setTraffic(TrafficQuestion.getDefaultInstance()).build();
        assertThat(clerk.answer(question).getTraffic().getConnections()).isEqualTo(7);
        assertThat(clerk.answer(question).getTraffic().getRequestsInFlight()).isEqualTo(3);
    }
}
