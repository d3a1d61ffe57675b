package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AbortRequest;
import dev.sluice.proto.admin.v1.AddRequest;
import dev.sluice.proto.admin.v1.Change;
import dev.sluice.proto.admin.v1.ConfirmOffRequest;
import dev.sluice.proto.admin.v1.DrainRequest;
import dev.sluice.proto.admin.v1.FillRequest;
import dev.sluice.proto.admin.v1.HashFieldsRequest;
import dev.sluice.proto.admin.v1.MemberStatus;
import dev.sluice.proto.admin.v1.RemoveRequest;
import dev.sluice.proto.admin.v1.ReplaceRequest;
import dev.sluice.proto.admin.v1.SettleRequest;
import dev.sluice.proto.admin.v1.WeightRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What a change is given on the command line: the same for doing it and for planning it. */
sealed interface Arguments {
    Change change();

    /** What to follow while it goes on, one by one; none = it is done at once. */
    List<Followed> followed();

    /** A proxy on its way, e.g. into the view. */
    record Followed(String proxy, Progress.Kind kind) {}

    /** {@code --deadline}. */
    final class Deadline {
        @Option(
                names = "--deadline",
                paramLabel = "TIME",
                converter = DeadlineConverter.class,
                description = {
                    "Reset what is left this long after the command, e.g. 90s, 30m, 1h30m; up to",
                    "30d. Without it nothing is ever reset.",
                })
        @Nullable Duration time;

        long millis() {
            return time == null ? 0 : time.toMillis();
        }
    }

    final class Drain implements Arguments {
        @Parameters(
                arity = "1..*",
                paramLabel = "PROXY",
                description = "Ids, as 'sluice status' shows them; several are one change.")
        List<String> proxies = List.of();

        @Mixin Deadline deadline = new Deadline();

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setDrain(
                            DrainRequest.newBuilder()
                                    .addAllProxies(proxies)
                                    .setDeadlineMs(deadline.millis()))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return proxies.stream().map(p -> new Followed(p, Progress.Kind.DRAIN)).toList();
        }
    }

    final class Fill implements Arguments {
        @Parameters(
                arity = "1..*",
                paramLabel = "PROXY",
                description = "Ids, as 'sluice status' shows them; several are one change.")
        List<String> proxies = List.of();

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setFill(FillRequest.newBuilder().addAllProxies(proxies))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return proxies.stream().map(p -> new Followed(p, Progress.Kind.FILL)).toList();
        }
    }

    final class Weight implements Arguments {
        @Parameters(
                arity = "1..*",
                paramLabel = "PROXY=WEIGHT",
                converter = WeightConverter.class,
                description = "Shares of new connections, 1 to 65535; several are one change.")
        List<MemberStatus> weights = List.of();

        @Mixin Deadline deadline = new Deadline();

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setWeight(
                            WeightRequest.newBuilder()
                                    .addAllWeights(weights)
                                    .setDeadlineMs(deadline.millis()))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return weights.stream()
                    .map(w -> new Followed(w.getProxy(), Progress.Kind.STAY))
                    .toList();
        }
    }

    final class Replace implements Arguments {
        @Parameters(index = "0", paramLabel = "OLD", description = "The proxy that drains.")
        String old = "";

        @Parameters(
                index = "1",
                paramLabel = "NEW",
                description = "The proxy that takes its place and weight.")
        String replacement = "";

        @Mixin Deadline deadline = new Deadline();

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setReplace(
                            ReplaceRequest.newBuilder()
                                    .setOld(old)
                                    .setReplacement(replacement)
                                    .setDeadlineMs(deadline.millis()))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return Stream.of(
                            new Followed(old, Progress.Kind.DRAIN),
                            new Followed(replacement, Progress.Kind.FILL))
                    .toList();
        }
    }

    final class Add implements Arguments {
        @Parameters(paramLabel = "PROXY", description = "The id of its process.")
        String proxy = "";

        @Option(
                names = "--address",
                required = true,
                paramLabel = "ADDRESS",
                description = "Its IPv4 address on the underlay.")
        String address = "";

        @Option(
                names = "--weight",
                paramLabel = "W",
                converter = WeightConverter.Alone.class,
                defaultValue = "1",
                description =
                        "Its share when it is filled, 1 to 65535 (default: ${DEFAULT-VALUE}).")
        int weight = 1;

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setAdd(
                            AddRequest.newBuilder()
                                    .setProxy(proxy)
                                    .setAddress(address)
                                    .setWeight(weight))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }

    final class Remove implements Arguments {
        @Parameters(paramLabel = "PROXY", description = "The id, as 'sluice status' shows it.")
        String proxy = "";

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setRemove(RemoveRequest.newBuilder().setProxy(proxy))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }

    final class ConfirmOff implements Arguments {
        @Parameters(paramLabel = "PROXY", description = "The id, as 'sluice status' shows it.")
        String proxy = "";

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setConfirmOff(ConfirmOffRequest.newBuilder().setProxy(proxy))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }

    final class Settle implements Arguments {
        @Parameters(paramLabel = "EPOCH", description = "Its number in 'sluice epochs'.")
        long epoch;

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setSettle(SettleRequest.newBuilder().setEpoch(epoch))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }

    final class HashFields implements Arguments {
        @Parameters(
                arity = "1..4",
                paramLabel = "FIELD",
                description = "source-address, destination-address, source-port, destination-port.")
        List<String> fields = List.of();

        @Override
        public Change change() {
            return Change.newBuilder()
                    .setHashFields(HashFieldsRequest.newBuilder().addAllFields(fields))
                    .build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }

    final class Abort implements Arguments {
        @Override
        public Change change() {
            return Change.newBuilder().setAbort(AbortRequest.getDefaultInstance()).build();
        }

        @Override
        public List<Followed> followed() {
            return List.of();
        }
    }
}
