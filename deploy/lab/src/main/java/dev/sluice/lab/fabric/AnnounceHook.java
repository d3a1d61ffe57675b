package dev.sluice.lab.fabric;

import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.process.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The script by which a director tells the lab's router that it forwards for the VIPs, or no longer
 * does: what a BGP speaker is elsewhere. The next hops form a resilient group for each version of
 * IP, so that a director that comes or goes moves no flow of the others.
 */
public final class AnnounceHook {
    /** Identifiers of next hops on the router. */
    private static final int FIRST_HOP = 100;

    private static final int FIRST_HOP6 = 200;

    private AnnounceHook() {}

    public static void write(LabDirectory directory, Topology topology) throws IOException {
        Files.createDirectories(directory.announced());
        Path script = directory.announceHook();
        Files.writeString(script, text(directory, topology));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /** Run by the director's own process when it starts ({@code up}) or stops to forward. */
    public static List<String> command(LabDirectory directory, String upOrDown, Node director) {
        return List.of(directory.announceHook().toString(), upOrDown, director.name());
    }

    /** Run by the router. */
    public static void say(Path hook, NextHopWatch.Verb verb, String director) throws IOException {
        String word = verb.name().toLowerCase(Locale.ROOT);
        String ignored = Command.require(hook.toString(), word, director);
    }

    /** What a BGP speaker does when its link comes back: says again what it had announced. */
    public static void repeat(LabDirectory directory, Node node) throws IOException {
        if (Files.exists(directory.announced().resolve(node.name()))) {
            Command.require(command(directory, "up", node).toArray(String[]::new));
        }
    }

    static String text(LabDirectory directory, Topology topology) {
        return """
        #!/bin/sh
        # usage: announce up|down|silent|heard DIRECTOR
        # Edits the router's next hops for the VIPs. One file per announcing director in 'announced',
        # one more, '.silent-DIRECTOR', for each that the router does not hear.
        set -eu
        cd %s
        exec 9> .lock
        flock 9
        router() { ip -n %s "$@"; }
        next_hop() {
          case $1 in
        %s
          *) echo "no director $1" >&2; exit 2 ;;
          esac
          id6=$((id + %d))
        }
        # usage: add ID ADDRESS DEVICE
        add() {
          router nexthop show id "$1" > /dev/null 2>&1 ||
            router nexthop add id "$1" via "$2" dev "$3"
        }
        # usage: spread GROUP MEMBERS VIP
        spread() {
          if [ -n "$2" ]; then
            router nexthop replace id "$1" group "$2" type resilient buckets 256 idle_timer 60
            router route replace "$3" nhid "$1"
          else
            # The route goes with it; the router may have dropped both by itself.
            router nexthop del id "$1" > /dev/null 2>&1 || true
          fi
        }

        next_hop "$2"
        case $1 in
        up)
          add "$id" "$address" "$2"
          add "$id6" "$address6" "$2"
          : > "$2"
          ;;
        down) rm -f "$2" ;;
        silent) : > ".silent-$2" ;;
        heard) rm -f ".silent-$2" ;;
        *) echo "usage: announce up|down|silent|heard DIRECTOR" >&2; exit 2 ;;
        esac

        group= group6=
        for director in *; do
          [ -e "$director" ] && [ ! -e ".silent-$director" ] || continue
          next_hop "$director"
          # The kernel forgets a next hop whose link is down; it comes back with its 'up'.
          if router nexthop show id "$id" > /dev/null 2>&1; then
            group=$group${group:+/}$id
            group6=$group6${group6:+/}$id6
          fi
        done
        spread 1 "$group" %s/32
        spread 2 "$group6" %s/128
        """
                .formatted(
                        directory.announced(),
                        directory.namespace(topology.router()),
                        topology.nodes(Role.DIRECTOR).stream()
                                .map(AnnounceHook::nextHop)
                                .collect(Collectors.joining("\n")),
                        FIRST_HOP6 - FIRST_HOP,
                        Topology.VIP,
                        Topology.VIP6);
    }

    private static String nextHop(Node director) {
        return "  %s) id=%d address=%s address6=%s ;;"
                .formatted(
                        director.name(),
                        FIRST_HOP + director.number(),
                        director.address(),
                        director.address6());
    }
}
