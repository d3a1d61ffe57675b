import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Compiles every {@code *.bpf.c} of a folder whose inputs changed since its object was made.
 *
 * <p>Run by Maven in Java's source mode: {@code java BpfBuild.java CLANG_JAR CLANG_HOME SOURCES
 * OBJECTS STAMPS [HEADERS]}, with HEADERS another folder to include from. The compiler is taken out of the jar once per machine: the first build unpacks
 * it beside CLANG_HOME under a file lock and renames it into place, so a folder with a stamp is
 * always whole, and builds that start together wait for one of them.
 */
final class BpfBuild {
    private static final String ROOT = "org/bytedeco/llvm/linux-x86_64/";
    private static final List<String> FLAGS =
            List.of(
                    "-target",
                    "bpf",
                    "-mcpu=v3",
                    "-O2",
                    "-g",
                    "-fno-strict-aliasing",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    // Headers are read where they lie in a packet; BPF loads need no alignment.
                    "-Wno-address-of-packed-member");

    private final Path clangHome;
    private final Path headers;

    private BpfBuild(Path clangHome, Path headers) {
        this.clangHome = clangHome;
        this.headers = headers;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 5 || args.length > 6) {
            throw new IllegalArgumentException(
                    "usage: BpfBuild CLANG_JAR CLANG_HOME SOURCES OBJECTS STAMPS [HEADERS]");
        }
        BpfBuild build = new BpfBuild(Path.of(args[1]), Path.of(args[args.length == 6 ? 5 : 2]));
        build.unpackOnce(Path.of(args[0]));
        build.compileAll(Path.of(args[2]), Path.of(args[3]), Path.of(args[4]));
    }

    private void unpackOnce(Path jar) throws IOException {
        if (Files.exists(stamp())) {
            return;
        }
        Files.createDirectories(clangHome.getParent());
        Path lock = clangHome.resolveSibling(clangHome.getFileName() + ".lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            if (!Files.exists(stamp())) {
                System.out.println("unpacking clang into " + clangHome + " (once per machine)");
                unpack(jar);
            }
        }
    }

    private Path stamp() {
        return clangHome.resolve(".complete");
    }

    private void unpack(Path jar) throws IOException {
        deleteTree(clangHome);
        Path partial = clangHome.resolveSibling(clangHome.getFileName() + ".partial");
        deleteTree(partial);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory() && isWanted(entry.getName())) {
                    Path file = partial.resolve(entry.getName().substring(ROOT.length()));
                    Files.createDirectories(file.getParent());
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
        if (!partial.resolve("clang").toFile().setExecutable(true)) {
            throw new IOException("cannot make " + partial.resolve("clang") + " executable");
        }
        for (String library : List.of("libclang-cpp.so", "libLLVM.so")) {
            Files.createSymbolicLink(partial.resolve(library + ".20.1"), Path.of(library));
        }
        Files.createFile(partial.resolve(stamp().getFileName()));
        Files.move(partial, clangHome, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A fifth of the archive: the compiler, its two libraries, and its own headers. */
    private static boolean isWanted(String name) {
        return name.equals(ROOT + "clang")
                || name.equals(ROOT + "libclang-cpp.so")
                || name.equals(ROOT + "libLLVM.so")
                || name.startsWith(ROOT + "lib/clang/20/include/");
    }

    private void compileAll(Path sources, Path objects, Path stamps)
            throws IOException, InterruptedException {
        Files.createDirectories(objects);
        Files.createDirectories(stamps);
        for (Path source : list(sources, ".bpf.c")) {
            String name = source.getFileName().toString().replaceFirst("\\.c$", "");
            Path object = objects.resolve(name + ".o");
            Path stamp = stamps.resolve(name + ".sha256");
            String digest = digest(source, list(sources, ".h"), list(headers, ".h"));
            if (!Files.exists(object)
                    || !Files.exists(stamp)
                    || !Files.readString(stamp).equals(digest)) {
                System.out.println("compiling " + source.getFileName());
                compile(source, object);
                Files.writeString(stamp, digest);
            }
        }
    }

    private void compile(Path source, Path object) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(clangHome.resolve("clang").toString());
        command.addAll(FLAGS);
        // Keeps the build machine's paths out of the object, so that it is reproducible.
        command.add("-ffile-prefix-map=" + source.getParent() + "=.");
        command.add("-ffile-prefix-map=" + headers + "=.");
        command.add("-I" + headers);
        command.addAll(List.of("-c", source.toString(), "-o", object.toString()));
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.directory(source.getParent().toFile());
        process.environment().put("LD_LIBRARY_PATH", clangHome.toString());
        int status = process.start().waitFor();
        if (status != 0) {
            throw new IOException("clang ended with status " + status + " on " + source);
        }
    }

    /** Of everything that shapes the object: flags, compiler, source, and all headers. */
    private String digest(Path source, List<Path> own, List<Path> included) throws IOException {
        MessageDigest digest = sha256();
        digest.update((clangHome.getFileName() + " " + FLAGS).getBytes(StandardCharsets.UTF_8));
        for (Path file : Stream.of(List.of(source), own, included).flatMap(List::stream).toList()) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static List<Path> list(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
