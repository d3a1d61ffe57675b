/** Packet captures in libpcap's classic file format. Pure. */
@NullMarked
package dev.sluice.cluster.pcap;

import org.jspecify.annotations.NullMarked;
