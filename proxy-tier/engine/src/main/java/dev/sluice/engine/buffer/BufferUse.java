package dev.sluice.engine.buffer;

/**
 * What an engine buffers at a moment.
 *
 * @param memoryBytes of requests, in memory
 * @param fileBytes of requests, in files
 * @param files open at this moment
 * @param refused requests that were larger than their route's buffer, so far
 * @param crowdedOut requests for which all buffers together had no room, so far
 * @param failed requests that a file was not good for, so far
 */
public record BufferUse(
        long memoryBytes, long fileBytes, long files, long refused, long crowdedOut, long failed) {}
