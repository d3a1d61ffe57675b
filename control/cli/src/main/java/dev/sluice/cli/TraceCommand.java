package dev.sluice.cli;

import com.google.protobuf.ByteString;

import dev.sluice.proto.admin.v1.TraceFlowReply;
import dev.sluice.proto.admin.v1.TraceFlowRequest;
import dev.sluice.proto.cluster.v1.Flow;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Objects;

@Command(
        name = "trace",
        description = {
            "Say where every director sends a flow, and why: bind, hash, row, generation, and the",
            "reason for each hop's place. Each director runs its real program on the flow's first",
            "packet, beside the traffic, and checks the result against the model. Exit code 1 if",
            "program and model do not agree anywhere, or a director gives no answer.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice trace 192.0.2.7:40000 203.0.113.10:443",
            "  sluice trace '[2001:db8::7]:40000' '[2001:db8:1::10]:53' --proto udp -o json",
        })
final class TraceCommand extends AdminCommand {
    @Parameters(
            index = "0",
            paramLabel = "SRC:PORT",
            converter = Endpoint.Converter.class,
            description = "The client.")
    @Nullable Endpoint client;

    @Parameters(
            index = "1",
            paramLabel = "VIP:PORT",
            converter = Endpoint.Converter.class,
            description = "What it connects to.")
    @Nullable Endpoint vip;

    @Option(
            names = "--proto",
            paramLabel = "tcp|udp",
            defaultValue = "tcp",
            description = "tcp or udp (default: ${DEFAULT-VALUE}).")
    Protocol proto = Protocol.tcp;

    @Mixin private ReplyOutput output = new ReplyOutput();

    /** As operators write them. */
    @SuppressWarnings("checkstyle:ConstantName")
    enum Protocol {
        tcp(6),
        udp(17);

        final int number;

        Protocol(int number) {
            this.number = number;
        }
    }

    @Override
    int run(AdminClient client) throws Failure {
        TraceFlowReply reply =
                client.call(stub ->
                        stub.traceFlow(TraceFlowRequest.newBuilder().setFlow(flow()).build()));
        output.print(out(), reply, TraceText.of(name(), reply).stripTrailing());
        return TraceText.isClean(reply) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private Flow flow() {
        Endpoint from = Objects.requireNonNull(client);
        Endpoint to = Objects.requireNonNull(vip);
        return Flow.newBuilder()
                .setClient(ByteString.copyFrom(from.address().getAddress()))
                .setClientPort(from.port())
                .setVip(ByteString.copyFrom(to.address().getAddress()))
                .setVipPort(to.port())
                .setProtocol(proto.number)
                .build();
    }

    private String name() {
        return client + " → " + vip + "/" + proto;
    }
}
