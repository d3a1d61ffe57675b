package dev.sluice.lab.fabric;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Packets that the router loses or hands to a queue, by one nftables table and one NFQUEUE rule for
 * each node. Every packet between two nodes passes the router, what XDP programs send too, so that
 * nothing escapes. Stateless: what is in force is what the router's tables say.
 */
public final class Impairments {
    private final String router;

    public Impairments(LabDirectory directory, Topology topology) {
        this.router = directory.namespaceFile(topology.router()).toString();
    }

    /** Nothing else is lost at that node any more. {@link Cut#LINK} is not for this class. */
    public void cut(Node node, Cut cut) throws IOException, LabException {
        List<String> rules = new ArrayList<>();
        if (cut != Cut.FROM_NODE) {
            rules.add("oifname \"%s\" drop".formatted(node.routerDevice()));
        }
        if (cut != Cut.TO_NODE) {
            rules.add("iifname \"%s\" drop".formatted(node.routerDevice()));
        }
        replace(node, rules);
    }

    public void lose(Node node, int percent) throws IOException, LabException {
        // nft takes no 'less than 100' of 100.
        String share = percent < 100 ? "numgen random mod 100 < " + percent + " " : "";
        replace(node, List.of("oifname \"%s\" %sdrop".formatted(node.routerDevice(), share)));
    }

    /** What passes the router, and what it says and hears itself. */
    private void replace(Node node, List<String> rules) throws IOException, LabException {
        String table =
                """
                table inet %1$s {}
                delete table inet %1$s
                table inet %1$s {
                  chain forward {
                    type filter hook forward priority 0; policy accept;
                    %2$s
                  }
                  chain input {
                    type filter hook input priority 0; policy accept;
                    %3$s
                  }
                  chain output {
                    type filter hook output priority 0; policy accept;
                    %4$s
                  }
                }
                """
                        .formatted(
                                table(node),
                                String.join("\n    ", rules),
                                about("iifname", rules),
                                about("oifname", rules));
        Command.Result result = run(List.of("nft", "-f", "-"), table);
        if (result.exitCode() != 0) {
            throw new IOException("nft on the router: " + result.output() + "\n" + table);
        }
    }

    private static String about(String device, List<String> rules) {
        return rules.stream()
                .filter(rule -> rule.startsWith(device))
                .collect(Collectors.joining("\n    "));
    }

    private static String table(Node node) {
        return "fault-" + node.name();
    }

    /** The number of the queue that {@link #queue} fills for that node. */
    public static int queueOf(Node node) {
        return node.subnet();
    }

    /** What is sent to the node waits in a queue; a program must empty it. */
    public void queue(Node node) throws IOException, LabException {
        require(iptables("-A", node));
    }

    private static List<String> iptables(String operation, Node node) {
        return List.of(
                "iptables",
                "-t",
                "mangle",
                operation,
                "FORWARD",
                "-o",
                node.routerDevice(),
                "-j",
                "NFQUEUE",
                "--queue-num",
                Integer.toString(queueOf(node)),
                "--queue-bypass");
    }

    /** Every packet passes again, and at once. */
    public void heal(Node node) throws IOException {
        if (isInstalled("nft")) {
            var _ =
                    Command.run(
                            inRouter(List.of("nft", "delete", "table", "inet", table(node))), "");
        }
        if (isInstalled("iptables")) {
            while (Command.run(inRouter(iptables("-D", node)), "").exitCode() == 0) {
                // There may be several.
            }
        }
    }

    private void require(List<String> command) throws IOException, LabException {
        Command.Result result = run(command, "");
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
    }

    private Command.Result run(List<String> command, String input)
            throws IOException, LabException {
        if (!isInstalled(command.getFirst())) {
            throw LabException.failed(
                    "'%s' is not on PATH, by which the lab's router loses packets: apt-get install --no-install-recommends %s"
                            .formatted(
                                    command.getFirst(),
                                    command.getFirst().equals("nft") ? "nftables" : "iptables"));
        }
        return Command.run(inRouter(command), input);
    }

    private static boolean isInstalled(String program) {
        return Command.isOnPath(program);
    }

    private List<String> inRouter(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + router, "--"));
        line.addAll(command);
        return line;
    }
}
