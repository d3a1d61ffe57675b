package dev.sluice.cli;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.StatusRuntimeException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where control processes listen: a socket, or a folder of sockets. Any control process takes any
 * command, so among several the first is taken that answers and has ZooKeeper.
 *
 * @param where a socket, or a folder with sockets called {@code *.sock}; if it has none, those of
 *     the lab below it
 */
record AdminSockets(Path where) {
    /** What {@code sluice up} makes below the default folder. */
    private static final String LAB = "lab";

    /** A process that is stopped still accepts connections, and then says nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** There may be several, and others later. */
    boolean areInFolder() {
        return Files.isDirectory(where);
    }

    /** Those that are there, whether or not anybody answers on them. */
    List<Path> paths() {
        if (!areInFolder()) {
            return Files.exists(where) ? List.of(where) : List.of();
        }
        List<Path> here = in(where);
        return here.isEmpty() ? in(where.resolve(LAB)) : here;
    }

    private static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sock")).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * @throws Failure if there is no socket, or one of several must be chosen and none answers
     */
    AdminSocket choose() throws Failure {
        List<Path> paths = paths();
        if (paths.isEmpty()) {
            throw new Failure(ExitCode.FAILED, absent(where));
        }
        for (Path path : paths) {
            requireAccess(path);
        }
        return paths.size() == 1 ? new AdminSocket(paths.getFirst()) : firstThatAnswers(paths);
    }

    private static AdminSocket firstThatAnswers(List<Path> paths) throws Failure {
        @Nullable AdminSocket second = null;
        for (Path path : paths) {
            AdminSocket socket = new AdminSocket(path);
            Answer answer = ask(socket);
            if (answer == Answer.CURRENT) {
                if (second != null) {
                    second.close();
                }
                return socket;
            }
            if (answer == Answer.BLIND && second == null) {
                second = socket;
            } else {
                socket.close();
            }
        }
        if (second == null) {
            throw new Failure(
                    ExitCode.FAILED,
                    "no control process answers on any of "
                            + paths.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + "; start one with 'sluice control run --config FILE'");
        }
        return second;
    }

    private enum Answer {
        /** It has ZooKeeper. */
        CURRENT,
        /** It lives, and what it knows may be old. */
        BLIND,
        NONE
    }

    private static Answer ask(AdminSocket socket) {
        try {
            ClusterStatus status = socket.stub(PATIENCE).status(StatusRequest.getDefaultInstance());
            return status.getZookeeper().getCurrent() ? Answer.CURRENT : Answer.BLIND;
        } catch (StatusRuntimeException e) {
            return Answer.NONE;
        }
    }

    private static void requireAccess(Path socket) throws Failure {
        if (!Files.isWritable(socket)) {
            throw new Failure(
                    ExitCode.FAILED,
                    "you may not use the socket "
                            + socket
                            + "; run this as the user of the control process, e.g. with sudo");
        }
    }

    static String absent(Path where) {
        return "no control process answers "
                + (Files.isDirectory(where) ? "in " : "on ")
                + where
                + "; start one with 'sluice control run --config FILE', or name its socket with"
                + " --control or SLUICE_CONTROL";
    }
}
