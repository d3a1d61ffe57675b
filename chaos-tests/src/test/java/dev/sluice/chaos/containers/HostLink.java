package dev.sluice.chaos.containers;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine's end of a container's link: a port of a bridge. What is lost here is lost before the
 * container's XDP program sees it, and after that program sent it.
 *
 * @param device in the engine's network namespace
 */
record HostLink(String node, String device) {

    /**
     * @param index of the device that the container's own device is paired with
     */
    static HostLink find(String node, int index) throws IOException {
        String all = inEngine(List.of("ip", "-o", "link", "show"), "");
        return all.lines()
                .filter(line -> line.startsWith(index + ": "))
                .map(line -> line.split("[:@ ]+", -1)[1])
                .map(device -> new HostLink(node, device))
                .findFirst()
                .orElseThrow(() -> new IOException("no device " + index + " for " + node));
    }

    void down() throws IOException {
        inEngine(List.of("ip", "link", "set", device, "down"), "");
    }

    void lose(Cut cut) throws IOException {
        List<String> rules = new ArrayList<>();
        if (cut != Cut.FROM_NODE) {
            rules.add("oifname \"%s\" drop".formatted(device));
        }
        if (cut != Cut.TO_NODE) {
            rules.add("iifname \"%s\" drop".formatted(device));
        }
        replace(rules);
    }

    void lose(int percent) throws IOException {
        replace(
                List.of(
                        "oifname \"%s\" numgen random mod 100 < %d drop"
                                .formatted(device, percent)));
    }

    private void replace(List<String> rules) throws IOException {
        inEngine(
                List.of("nft", "-f", "-"),
                """
                table bridge %1$s {}
                delete table bridge %1$s
                table bridge %1$s {
                  chain forward {
                    type filter hook forward priority 0; policy accept;
                    %2$s
                  }
                }
                """
                        .formatted(table(node), String.join("\n    ", rules)));
    }

    void heal() throws IOException {
        inEngine(List.of("ip", "link", "set", device, "up"), "");
        removeRules(node);
    }

    /** Those of a container that is gone, too. */
    static void removeRules(String node) throws IOException {
        // 'add' first, so that there is one to delete.
        inEngine(
                List.of("nft", "-f", "-"),
                "table bridge %1$s {}\ndelete table bridge %1$s\n".formatted(table(node)));
    }

    private static String table(String node) {
        return "fault-" + node;
    }

    private static String inEngine(List<String> command, String input) throws IOException {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("nsenter", "--net=/run/netns/" + Engine.namespaceName(), "--"));
        line.addAll(command);
        Command.Result result = Command.run(line, input);
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
        return result.output();
    }
}
