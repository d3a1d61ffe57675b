package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.sluice.proto.admin.v1.ListMalformedReply;
import dev.sluice.proto.cluster.v1.MalformedMessage;
import dev.sluice.proto.cluster.v1.ProxyAnswer;

import org.junit.jupiter.api.Test;

final class ErrorsTextTest {
    private static ListMalformedReply reply(MalformedMessage.Builder message) {
        return ListMalformedReply.newBuilder()
                .addProxies(
                        ProxyAnswer.newBuilder()
                                .setProxy("proxy-1")
                                .addMalformed(
                                        message.setSide("request")
                                                .setVersion("HTTP/1.1")
                                                .setRemote("198.18.1.1:4711")
                                                .setReason("malformed-request")))
                .build();
    }

    @Test
    void theOctetThatIsWrongIsMarked() {
        MalformedMessage.Builder message =
                MalformedMessage.newBuilder()
                        .setOctets(ByteString.copyFromUtf8("GET /x HTTP/1.1\r\nA\0b: c\r\n"))
                        .setBegin(32)
                        .setFault(18)
                        .setSize(100);
        assertThat(ErrorsText.of(reply(message)))
                .startsWith("proxy-1\n  ")
                .contains("request of 198.18.1.1:4711  HTTP/1.1  malformed-request\n")
                .endsWith(
                        """
                            000020  47 45 54 20 2f 78 20 48 54 54 50 2f 31 2e 31 0d  |GET /x HTTP/1.1.|
                            000030  0a 41 00 62 3a 20 63 0d 0a                       |.A.b: c..|
                                          ^^ byte 50
                            and 43 more bytes
                        """);
        assertThat(Json.pretty(reply(message)))
                .contains("\"octets\": \"R0VUIC94IEhUVFAvMS4xDQpBAGI6IGMNCg==\"", "\"fault\": 18");
    }

    @Test
    void soIsThePlaceWhereSomethingIsMissing() {
        MalformedMessage.Builder message =
                MalformedMessage.newBuilder()
                        .setOctets(ByteString.copyFromUtf8("0123456789abcdef"))
                        .setFault(16)
                        .setSize(16);
        assertThat(ErrorsText.of(reply(message)))
                .endsWith(
                        "000010  ".concat(" ".repeat(49)).concat("||\n")
                                + "            ^^ byte 16: something is missing here\n");
    }

    @Test
    void ofAFaultWithoutOctetsTheDetailIsTold() {
        assertThat(
                        ErrorsText.of(
                                reply(
                                        MalformedMessage.newBuilder()
                                                .setDetail("frame too long")
                                                .setFault(-1))))
                .endsWith("malformed-request: frame too long\n");
    }

    @Test
    void aProxyMayHaveNothingToSay() {
        assertThat(
                        ErrorsText.of(
                                ListMalformedReply.newBuilder()
                                        .addProxies(ProxyAnswer.newBuilder().setProxy("a"))
                                        .addProxies(
                                                ProxyAnswer.newBuilder()
                                                        .setProxy("b")
                                                        .setProblem("no answer"))
                                        .build()))
                .isEqualTo("a: no malformed messages\nb: NO ANSWER: no answer\n");
    }
}
