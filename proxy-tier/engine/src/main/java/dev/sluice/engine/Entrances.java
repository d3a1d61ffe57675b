package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Entry;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Listener;
import dev.sluice.cluster.l7.StreamListener;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.engine.codec.Reception;
import dev.sluice.engine.codec.ServerEnvironment;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.listener.Entrance;
import dev.sluice.engine.listener.Occupancy;
import dev.sluice.engine.stream.Destinations;
import dev.sluice.engine.stream.NameTable;
import dev.sluice.engine.stream.StreamLedger;
import dev.sluice.engine.stream.StreamProtocol;
import dev.sluice.engine.tls.TlsServer;
import dev.sluice.engine.upstream.Group;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes the listeners of a configuration ready to let connections in. */
final class Entrances {
    private final Surroundings surroundings;
    private final String origin;
    private final Map<String, Group> groups;
    private final Map<String, Entrance> before;
    private final Consumer<Problem> problems;

    /** What connections of all listeners live in. */
    record Surroundings(
            Function<EventLoop, RequestHandler> handlers,
            Function<EventLoop, ServerEnvironment.Household> households,
            Class<? extends Channel> channelType,
            StreamLedger ledger) {}

    /**
     * For one configuration.
     *
     * @param origin what problems name as their file
     * @param groups the configuration's, by name
     * @param before the running configuration's, by listener: who stays keeps its count of
     *     connections and its clients' sessions
     */
    Entrances(
            Surroundings surroundings,
            String origin,
            Map<String, Group> groups,
            Map<String, Entrance> before,
            Consumer<Problem> problems) {
        this.surroundings = surroundings;
        this.origin = origin;
        this.groups = groups;
        this.before = before;
        this.problems = problems;
    }

    /** By address; those whose files have a problem are missing. Blocks on the files. */
    Map<HostPort, Entrance> of(L7Config config) {
        Map<HostPort, Entrance> entrances = new HashMap<>();
        for (int i = 0; i < config.entries().size(); i++) {
            Entry entry = config.entries().get(i);
            entrance(entry, "listeners[" + i + "]")
                    .ifPresent(entrance ->
                            entry.addresses().forEach(at -> entrances.put(at, entrance)));
        }
        return entrances;
    }

    private Optional<Entrance> entrance(Entry entry, String path) {
        return switch (entry) {
            case Listener listener ->
                    opening(listener.name(), listener.tls(), listener.versions(), path)
                            .map(opening -> entrance(listener, terms(listener), opening));
            case StreamListener stream ->
                    opening(stream, path)
                            .map(opening ->
                                    new Entrance(
                                            stream.name(),
                                            terms(stream),
                                            opening,
                                            protocol(stream),
                                            occupancyOf(stream.name())));
        };
    }

    private Entrance entrance(Listener listener, Entrance.Terms terms, Entrance.Opening opening) {
        Entrance.Protocol protocol =
                (channel, peer, _) -> {
                    EventLoop loop = channel.eventLoop();
                    Reception.install(
                            channel,
                            peer,
                            new ServerEnvironment(
                                    listener,
                                    surroundings.handlers().apply(loop),
                                    surroundings.households().apply(loop)));
                };
        return new Entrance(
                listener.name(), terms, opening, protocol, occupancyOf(listener.name()));
    }

    private Occupancy occupancyOf(String listener) {
        Entrance known = before.get(listener);
        return known == null ? new Occupancy() : known.occupancy();
    }

    private static Entrance.Terms terms(Listener listener) {
        return new Entrance.Terms(
                listener.limits().connections(),
                listener.timeouts().clientHeader().toNanos(),
                listener.proxyProtocol());
    }

    private static Entrance.Terms terms(StreamListener stream) {
        return new Entrance.Terms(
                stream.limits().connections(),
                stream.timeouts().opening().toNanos(),
                stream.proxyProtocol());
    }

    private Optional<? extends Entrance.Opening> opening(StreamListener stream, String path) {
        return switch (stream.service()) {
            case StreamListener.Tcp tcp -> opening(stream.name(), tcp.tls(), List.of(), path);
            case StreamListener.Passthrough ignored ->
                    Optional.of(new Entrance.Overheard(stream.limits().helloBytes()));
        };
    }

    /** Empty if a problem was reported. */
    private Optional<? extends Entrance.Opening> opening(
            String listener, Optional<Tls> tls, List<HttpVersion> versions, String path) {
        Entrance known = before.get(listener);
        return tls.isEmpty()
                ? Optional.of(new Entrance.Plain())
                : TlsServer.load(origin, path + ".tls", tls.get(), versions, problems)
                        .map(made -> made.after(known == null ? null : known.tls()))
                        .map(Entrance.Terminated::new);
    }

    private StreamProtocol protocol(StreamListener stream) {
        return new StreamProtocol(
                stream,
                destinations(stream.service()),
                surroundings.channelType(),
                surroundings.households(),
                surroundings.ledger());
    }

    private Destinations destinations(StreamListener.Service service) {
        return switch (service) {
            case StreamListener.Tcp tcp -> {
                Group only = group(tcp.upstream());
                yield _ -> only;
            }
            case StreamListener.Passthrough(
                            List<StreamListener.ServerName> names,
                            Optional<String> otherwise) ->
                    byName(names, otherwise.map(this::group).orElse(null));
        };
    }

    private Destinations byName(List<StreamListener.ServerName> names, @Nullable Group otherwise) {
        Map<HostPattern, Group> targets = new HashMap<>();
        names.forEach(name -> targets.put(name.host(), group(name.upstream())));
        NameTable<Group> table = new NameTable<>(targets);
        return hello -> {
            Group found =
                    hello == null || hello.name().isEmpty() ? null : table.find(hello.name().get());
            return found == null ? otherwise : found;
        };
    }

    private Group group(String upstream) {
        return Objects.requireNonNull(groups.get(upstream));
    }
}
