package dev.sluice.launcher;

import dev.sluice.cluster.glb.GlbForwarding;
import dev.sluice.cluster.glb.GlbTable;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorTrial;
import dev.sluice.datapath.MacAddress;
import dev.sluice.datapath.Transmit;
import dev.sluice.datapath.bpf.DatapathException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** GLB's {@code glb-director-pcap}: what the director does with single frames. */
@Command(
        name = "packet",
        description = {
            "Run frames through the real director program with GLB's forwarding tables, and show what"
                    + " comes out.",
            "Needs root, for the kernel runs the program; no device and no traffic is touched.",
            "The checksum of the outer UDP header is 0, as from GLB's XDP director."
        },
        footer = {
            "",
            "Example: sluice glb packet --table forwarding_table.json --gateway-mac"
                    + " 3a:89:7c:7b:5d:1f --source-ip 65.65.65.65 --pcap capture.pcap -o json"
        })
final class GlbPacketCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--table",
            required = true,
            paramLabel = "SRC.json",
            description = "GLB's JSON format.")
    Path table = Path.of("");

    @Option(
            names = "--gateway-mac",
            required = true,
            paramLabel = "MAC",
            converter = MacAddressConverter.class,
            description = "Where frames go: GLB's outbound_gateway_mac.")
    MacAddress gateway = MacAddress.parse("00:00:00:00:00:00");

    @Option(
            names = "--source-ip",
            required = true,
            paramLabel = "IP",
            converter = AddressConverter.class,
            description = "The outer source: GLB's outbound_src_ip.")
    Address source = Address.of(new byte[4]);

    @Option(
            names = "--hash-fields",
            paramLabel = "LIST",
            split = ",",
            converter = HashFieldConverter.class,
            defaultValue = "src_addr",
            description = "Of src_addr,dst_addr,src_port,dst_port; default src_addr.")
    Set<HashField> hashFields = EnumSet.noneOf(HashField.class);

    @Option(
            names = "--alt-hash-fields",
            paramLabel = "LIST",
            split = ",",
            converter = HashFieldConverter.class,
            description =
                    "Those that chose the row before, of a migration: that row's hops follow in the"
                            + " chain.")
    Set<HashField> altHashFields = EnumSet.noneOf(HashField.class);

    @Option(names = "--pcap", paramLabel = "FILE", description = "Take the frames of a capture.")
    @Nullable Path capture;

    @Mixin OutputOption output = new OutputOption();

    @Parameters(
            paramLabel = "HEXFRAME",
            arity = "0..*",
            description = "Ethernet frames; without any, one a line from standard input.")
    List<String> frames = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Optional<List<GlbTable>> tables = GlbSource.read(table, err);
        if (tables.isEmpty()) {
            return 1;
        }
        List<byte[]> inputs = new FrameSource(frames, Optional.ofNullable(capture)).read();
        PrintWriter out = spec.commandLine().getOut();
        List<ForwardingTable> installed = forwarding(tables.get());
        try (DirectorTrial director = new DirectorTrial(source, Transmit.toGateway(gateway))) {
            installed.forEach(director::install);
            out.print(output.format.write(FrameRun.all(director, installed, inputs)));
            out.flush();
        } catch (DatapathException e) {
            throw new IOException(
                    "the kernel does not run the director's program here: "
                            + e.getMessage()
                            + "\nThis needs root (or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON),"
                            + " libbpf.so.1 (iproute2) and a kernel with BTF.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IOException(table + ": " + e.getMessage(), e);
        }
        return 0;
    }

    private List<ForwardingTable> forwarding(List<GlbTable> tables) {
        List<ForwardingTable> forwarding = new ArrayList<>();
        for (GlbTable each : tables) {
            String pool = "table-" + forwarding.size();
            forwarding.add(GlbForwarding.of(each, pool, hashFields, altHashFields));
        }
        return forwarding;
    }
}
