package dev.sluice.engine;

/**
 * What an engine has to do at a moment; the numbers are counted one after the other.
 *
 * @param connections of clients, open
 * @param requests in flight: begun and not over, tunnels excepted
 * @param tunnels open, WebSockets for example
 */
public record Load(long connections, long requests, long tunnels) {

    public boolean isEmpty() {
        return connections == 0 && requests == 0 && tunnels == 0;
    }
}
