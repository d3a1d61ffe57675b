package dev.sluice.cluster.record;

/**
 * Which revision is served, and which is being rolled out; equal when no rollout is open.
 *
 * @param activeRevision from 1
 * @param targetRevision from 1
 */
public record ConfigRollout(long activeRevision, long targetRevision) {}
