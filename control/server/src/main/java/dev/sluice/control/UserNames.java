package dev.sluice.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Names of the users in a file like {@code /etc/passwd}; read anew each time. */
record UserNames(Path passwd) {
    static final UserNames OF_THIS_HOST = new UserNames(Path.of("/etc/passwd"));

    private static final String UNKNOWN = "?";
    private static final int NAME = 0;
    private static final int UID = 2;

    /** {@code ?} for a user that the file does not have, e.g. one of a directory service. */
    String of(int uid) {
        try (Stream<String> lines = Files.lines(passwd)) {
            return lines.map(line -> line.split(":"))
                    .filter(user -> user.length > UID && user[UID].equals(Integer.toString(uid)))
                    .map(user -> user[NAME])
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
