/**
 * The kernel's BPF through libbpf and the Foreign Function and Memory API: start with {@link
 * dev.sluice.datapath.bpf.BpfObject}. Nothing in here knows what the programs are for.
 */
@NullMarked
package dev.sluice.datapath.bpf;

import org.jspecify.annotations.NullMarked;
