package dev.sluice.launcher;

import dev.sluice.cluster.pcap.Pcap;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where a command takes frames from: its arguments, a capture, or else standard input.
 *
 * @param arguments in hexadecimal
 */
record FrameSource(List<String> arguments, Optional<Path> capture) {
    /** What the kernel runs a program on: an Ethernet header at least, and less than a page. */
    private static final int SHORTEST = 14;

    private static final int LONGEST = 3500;

    FrameSource {
        arguments = List.copyOf(arguments);
    }

    /**
     * @throws IOException naming the frame that is none
     */
    List<byte[]> read() throws IOException {
        if (capture.isPresent() && !arguments.isEmpty()) {
            throw new IOException("frames come from arguments or from a capture, not from both");
        }
        if (capture.isPresent()) {
            return checked(captured(capture.get()), "frame");
        }
        return arguments.isEmpty()
                ? checked(hex(lines(), "line"), "line")
                : checked(hex(arguments, "frame"), "frame");
    }

    private static List<byte[]> captured(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return Pcap.frames(in);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> lines() throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<byte[]> hex(List<String> texts, String what) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (String text : texts) {
            try {
                frames.add(HexFormat.of().parseHex(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        what
                                + " "
                                + (frames.size() + 1)
                                + ": is not hexadecimal, two digits a byte",
                        e);
            }
        }
        return frames;
    }

    private static List<byte[]> checked(List<byte[]> frames, String what) throws IOException {
        for (int i = 0; i < frames.size(); i++) {
            int length = frames.get(i).length;
            if (length < SHORTEST || length > LONGEST) {
                throw new IOException(
                        what
                                + " "
                                + (i + 1)
                                + ": has "
                                + length
                                + " bytes; the kernel runs a"
                                + " program on "
                                + SHORTEST
                                + " to "
                                + LONGEST);
            }
        }
        return frames;
    }
}
