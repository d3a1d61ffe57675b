/**
 * The BPF programs as pure Java: start with {@link dev.sluice.cluster.packet.DirectorModel} and
 * {@link dev.sluice.cluster.packet.RedirectRule}. Packet tests run the same frames through these
 * and through the kernel; a simulation runs the rule alone.
 */
@NullMarked
package dev.sluice.cluster.packet;

import org.jspecify.annotations.NullMarked;
