package dev.sluice.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start this program again in another process.
 *
 * @param java the executable
 * @param classPath its entries
 */
public record JavaCommand(Path java, List<Path> classPath, String mainClass) {

    /** The lab squeezes ten JVMs onto one small machine. */
    private static final List<String> SMALL_JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xms16m",
                    "-Xmx192m",
                    "-Xss512k",
                    "-Xshare:auto",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dio.netty.allocator.type=pooled");

    public JavaCommand {
        classPath = List.copyOf(classPath);
    }

    /** The JVM and class path that this process runs on. */
    public static JavaCommand ofThisProcess(String mainClass) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<Path> entries =
                List.of(System.getProperty("java.class.path").split(":")).stream()
                        .filter(entry -> !entry.isEmpty())
                        .map(Path::of)
                        .map(Path::toAbsolutePath)
                        .toList();
        return new JavaCommand(java, entries, mainClass);
    }

    public JavaCommand withClassPath(List<Path> entries) {
        return new JavaCommand(java, entries, mainClass);
    }

    public List<String> line(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(java.toString());
        line.addAll(SMALL_JVM);
        line.add("-cp");
        line.add(String.join(":", classPath.stream().map(Path::toString).toList()));
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }
}
