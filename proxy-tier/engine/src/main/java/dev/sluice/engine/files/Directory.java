package dev.sluice.engine.files;

import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.StaticFiles;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A {@link StaticFiles} made ready. Links are followed as long as they stay within the directory,
 * which may be a link itself, swapped at any time. Immutable.
 */
public final class Directory {
    private final StaticFiles files;
    private final Path root;
    private final int prefixLength;
    private final MediaTypes types;
    private final @Nullable String cacheControl;
    private final InstantSource clock;

    /** Of a route for whatever is below a path. */
    public Directory(StaticFiles files, PathMatch match) {
        this(files, match, InstantSource.system());
    }

    Directory(StaticFiles files, PathMatch match, InstantSource clock) {
        this.files = files;
        root = Path.of(files.root());
        prefixLength =
                switch (match) {
                    case PathMatch.Prefix(String path) when !path.equals("/") -> path.length();
                    default -> 0;
                };
        types = new MediaTypes(files.types());
        cacheControl = files.cacheControl().orElse(null);
        this.clock = clock;
    }

    /** What is wrong with the directory on this host; empty if nothing is. Blocks. */
    public static Optional<String> problem(StaticFiles files) {
        try {
            Path real = Path.of(files.root()).toRealPath();
            boolean usable = Files.isDirectory(real) && Files.isExecutable(real);
            return usable ? Optional.empty() : Optional.of("is no directory that can be entered");
        } catch (NoSuchFileException e) {
            return Optional.of("is not there");
        } catch (IOException | InvalidPathException e) {
            return Optional.of("cannot be looked at: " + e);
        }
    }

    /**
     * Finds the file. Blocks.
     *
     * @param disk closes it
     */
    Answer answer(Asked asked, Executor disk) throws IOException {
        String path = asked.path().equals("*") ? "/" : asked.path();
        String name = FileNames.of(path.substring(prefixLength), files.hidden());
        if (name == null) {
            return new Answer.Refused(Failure.NO_FILE);
        }
        try {
            Path within = root.toRealPath();
            Path found = real(within, name);
            if (found == null || !Files.isDirectory(found)) {
                // What ends in a slash is a directory, or nothing.
                return path.endsWith("/") ? nothing() : file(found, asked, disk);
            }
            return path.endsWith("/")
                    ? file(real(within, indexOf(name)), asked, disk)
                    : elsewhere(path + "/" + asked.query());
        } catch (AccessDeniedException | InvalidPathException e) {
            return nothing();
        }
    }

    private static Answer nothing() {
        return new Answer.Refused(Failure.NO_FILE);
    }

    private String indexOf(String name) {
        return name.isEmpty() ? files.index() : name + "/" + files.index();
    }

    /** Where it really is; null for nowhere, or outside. */
    private static @Nullable Path real(Path within, String name) throws IOException {
        try {
            Path real = within.resolve(name).toRealPath();
            return real.startsWith(within) ? real : null;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            // A name that is too long, links in a circle, a file where a directory should be.
            return null;
        }
    }

    /** So that what a page says of its neighbours leads to them. */
    private static Answer elsewhere(String location) {
        Fields fields = new ListFields();
        fields.add(Names.LOCATION, location);
        return Answer.Made.bare(301, fields);
    }

    private Answer file(@Nullable Path path, Asked asked, Executor disk) throws IOException {
        if (path == null || !attributes(path).isRegularFile()) {
            return nothing();
        }
        FileChannel channel =
                FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        OpenFile file = new OpenFile(channel, disk);
        boolean given = false;
        try {
            Answer answer = answer(file, path, channel, asked);
            given = answer instanceof Answer.Made made && made.file() != null;
            return answer;
        } finally {
            if (!given) {
                file.release();
            }
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private Answer answer(OpenFile file, Path path, FileChannel channel, Asked asked)
            throws IOException {
        Version version =
                Version.of(channel.size(), attributes(path).lastModifiedTime().toInstant());
        Instant now = clock.instant();
        Fields fields = Answer.fields(version, cacheControl, now);
        return switch (version.verdict(asked)) {
            case FAILED -> Answer.Made.bare(412, fields);
            case NOT_MODIFIED -> Answer.Made.bare(304, fields);
            case SEND -> {
                Ranges ranges =
                        version.isRangeOf(asked.ifRange(), now)
                                ? Ranges.of(asked.range(), version.size())
                                : new Ranges.Whole();
                yield Answer.of(file, version, types.of(path.toString()), ranges, fields);
            }
        };
    }
}
