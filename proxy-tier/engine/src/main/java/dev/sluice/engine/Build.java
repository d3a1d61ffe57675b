package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.route.StaticFiles;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.compress.CompressionPolicy;
import dev.sluice.engine.files.Directory;
import dev.sluice.engine.listener.Entrance;
import dev.sluice.engine.listener.Port;
import dev.sluice.engine.log.AccessLog;
import dev.sluice.engine.upstream.Group;

import io.netty.channel.EventLoop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration ready to be put to work, if it has no problems.
 *
 * @param bound the addresses that the running one does not listen on
 */
record Build(
        Map<String, Group> groups,
        Map<HostPort, Entrance> entrances,
        Map<HostPort, Port> bound,
        List<Problem> problems) {

    /** What builds have in common. */
    record Site(
            EngineOptions options,
            Set<EventLoop> loops,
            BufferStore buffers,
            Entrances.Surroundings surroundings,
            Port.Building building) {}

    /**
     * Reads its files and binds its addresses.
     *
     * @param origin what problems name as their file
     * @param live what is running, whose groups and listeners go on where they are the same
     * @param listening addresses that are bound already
     */
    static Build of(
            Site site, String origin, L7Config config, Snapshot live, Set<HostPort> listening) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Group> groups =
                Groups.of(origin, config, site.options, live.groups(), problems::add);
        Map<HostPort, Entrance> entrances =
                new Entrances(site.surroundings(), origin, groups, live.listeners(), problems::add)
                        .of(config);
        prepareBuffers(site.buffers(), origin, config).ifPresent(problems::add);
        openLog(origin, config).ifPresent(problems::add);
        problems.addAll(missingDirectories(origin, config));
        problems.addAll(missingCodings(origin, config));
        Map<HostPort, Port> bound = new HashMap<>();
        if (problems.isEmpty()) {
            for (HostPort address : entrances.keySet()) {
                if (!listening.contains(address)) {
                    try {
                        bound.put(address, bind(site, address));
                    } catch (IOException e) {
                        problems.add(BindProblem.of(origin, config, address, e));
                    }
                }
            }
        }
        return new Build(groups, entrances, bound, problems);
    }

    private static Optional<Problem> openLog(String origin, L7Config config) {
        return config.telemetry()
                .accessLog()
                .flatMap(AccessLog::problem)
                .map(what ->
                        Problem.general(
                                origin,
                                "accessLog.file",
                                what,
                                "make its folder and let the proxy write there"));
    }

    private static List<Problem> missingCodings(String origin, L7Config config) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < config.routes().size(); i++) {
            String path = "routes[" + i + "].compress";
            config.routes()
                    .get(i)
                    .compression()
                    .flatMap(CompressionPolicy::problem)
                    .map(what -> Problem.general(origin, path, what, "name other codings"))
                    .ifPresent(problems::add);
        }
        return problems;
    }

    private static List<Problem> missingDirectories(String origin, L7Config config) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < config.routes().size(); i++) {
            if (config.routes().get(i).action() instanceof StaticFiles files) {
                String path = "routes[" + i + "].files.root";
                Directory.problem(files)
                        .map(what ->
                                Problem.general(
                                        origin,
                                        path,
                                        files.root() + " " + what,
                                        "put it there on every proxy, open to the proxy's user"))
                        .ifPresent(problems::add);
            }
        }
        return problems;
    }

    private static Optional<Problem> prepareBuffers(
            BufferStore buffers, String origin, L7Config config) {
        boolean needed =
                config.routes().stream()
                        .flatMap(route -> route.buffer().stream())
                        .anyMatch(buffer -> buffer.fileBytes() > 0);
        return needed
                ? buffers.prepare()
                        .map(what ->
                                Problem.general(
                                        origin,
                                        "routes[].buffer",
                                        what,
                                        "make it writable, or set file: 0B"))
                : Optional.empty();
    }

    private static Port bind(Site site, HostPort address) throws IOException {
        return Port.bind(address, site.loops(), site.options().transport(), site.building());
    }

    void discard() {
        bound.values().forEach(Port::close);
    }
}
