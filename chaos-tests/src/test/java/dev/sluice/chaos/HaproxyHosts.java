package dev.sluice.chaos;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.JavaCommand;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a lab's proxies into hosts of HAProxy behind {@code sluice proxy run --redirect-only}. */
final class HaproxyHosts implements AutoCloseable {
    private static final String MAIN = "dev.sluice.launcher.Main";

    private final Lab lab;
    private final List<Process> processes = new ArrayList<>();

    HaproxyHosts(Lab lab) {
        this.lab = lab;
    }

    static boolean isInstalled() {
        return Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy")
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
    }

    /** Our proxy ends, its redirect stays in the kernel; HAProxy and a new agent take over. */
    void replace(Node proxy) throws IOException, LabException {
        lab.killProcess(proxy);
        Path configuration = Files.writeString(file(proxy, "haproxy.cfg"), haproxy(proxy));
        start(proxy, List.of("haproxy", "-db", "-f", configuration.toString()));
        Path agent =
                Files.writeString(
                        file(proxy, "redirect.yaml"),
                        Files.readString(lab.directory().config(proxy))
                                + "server:\n  addresses: [\"%s:%d\"]\n"
                                        .formatted(Topology.VIP, Topology.HTTP_PORT));
        start(
                proxy,
                JavaCommand.ofThisProcess(MAIN)
                        .line(
                                List.of(
                                        "proxy",
                                        "run",
                                        "--config",
                                        agent.toString(),
                                        "--redirect-only")));
    }

    private Path file(Node proxy, String name) {
        return lab.directory().root().resolve("config").resolve(proxy + "-" + name);
    }

    private void start(Node proxy, List<String> command) throws IOException {
        List<String> line = new ArrayList<>();
        Path namespace = lab.directory().namespaceFile(proxy);
        Collections.addAll(line, "nsenter", "--net=" + namespace, "--");
        line.addAll(command);
        File log = lab.directory().log(proxy).toFile();
        processes.add(
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start());
    }

    private String haproxy(Node proxy) {
        String servers =
                lab.topology().nodes(Role.UPSTREAM).stream()
                        .map(u ->
                                "  server %s %s:%d"
                                        .formatted(u, u.address(), Topology.UPSTREAM_PORT))
                        .collect(Collectors.joining("\n"));
        return """
        global
          maxconn 500
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
        frontend web
          bind %s:%d
          http-response set-header X-Served-By %s
          default_backend web
        backend web
        %s
        """
                .formatted(Topology.VIP, Topology.HTTP_PORT, proxy, servers);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        processes.forEach(process -> process.onExit().join());
    }
}
