package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that are told theirs before they listen, or listen on it again after a while.
 * They lie below those that the kernel gives out by itself (from 32,768), as otherwise a connection
 * or another test may have got one in the meantime; every process begins elsewhere.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 7_919 % COUNT));

    private Ports() {}

    /** One that nobody listens on, and that this process was not given before. */
    public static int free() {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free from " + FIRST + " on");
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port)) {
            return true;
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
