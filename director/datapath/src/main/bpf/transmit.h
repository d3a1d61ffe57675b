/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Where an encapsulated packet goes, and writing its outer headers. */
#pragma once
#include "table.h"

enum route_fault { ROUTE_OK, ROUTE_NONE, ROUTE_NO_NEIGHBOUR, ROUTE_TOO_BIG };

/* Outer headers to write, and the chain they carry. */
struct outer {
	row_t chain; /* its first hop is where the packet is sent */
	__u32 inner_length;
	__u32 inner_version;
	__be16 port;
	__u8 rescues;
};

INLINE __u32 address_length(const struct table *table)
{
	return table->version == 4 ? 4 : 16;
}

/* Between Ethernet and the client's packet. */
INLINE __u32 outer_length(const struct table *table, row_t chain)
{
	__u32 fixed = table->version == 4 ? sizeof(struct ipv4) : sizeof(struct ipv6);

	if (table->wire == WIRE_SLUICE)
		fixed += sizeof(struct private_stamp);
	return fixed + sizeof(struct tunnel_head) +
	       (row_hops(chain) - 1) * address_length(table);
}

/* On the stack: aligned to two. */
INLINE __u64 mac(const __u8 bytes[6])
{
	const __u16 *word = (const void *)bytes;

	return word[0] | (__u64)word[1] << 16 | (__u64)word[2] << 32;
}

/* Asks the kernel; the frame leaves without tags, for the route is to a device. */
GLOBAL int route_fib(struct xdp_md *ctx, struct fib_lookup *fib, struct link *link)
{
	if (!fib || !link)
		return ROUTE_NONE;
	fib->l4_protocol = PROTOCOL_UDP;
	fib->dport = htons(GUE_PORT);
	fib->ifindex = ctx->ingress_ifindex;
	switch (fib_lookup(ctx, fib, sizeof(*fib), 0)) {
	case FIB_SUCCESS:
		link->destination = mac(fib->destination_mac);
		link->source = mac(fib->source_mac);
		link->tags = 0;
		return ROUTE_OK;
	case FIB_NO_NEIGHBOUR:
		return ROUTE_NO_NEIGHBOUR;
	case FIB_TOO_BIG:
		return ROUTE_TOO_BIG;
	}
	return ROUTE_NONE;
}

/*
 * From the link layer of the frame that came to that of the one that goes; `ifindex` is 0 if it
 * leaves where it came in. `length` is that of the outer packet.
 */
INLINE enum route_fault find_route(struct xdp_md *ctx, const struct config *config, int version,
				   const __be32 *destination, __be16 port, __u32 length,
				   struct link *link, __u32 *ifindex)
{
	__u64 self = link->destination;

	if (length > 0xffff)
		return ROUTE_TOO_BIG;
	*ifindex = 0;
	if (config->transmit == TRANSMIT_FIB) {
		struct fib_lookup fib = {
			.family = version == 4 ? FAMILY_INET : FAMILY_INET6,
			.sport = port,
			.total_length = length,
		};
		enum route_fault fault;

		if (version == 4) {
			fib.src[0] = config->address4;
			fib.dst[0] = destination[0];
		} else {
			copy_address(fib.src, config->address6);
			copy_address(fib.dst, destination);
		}
		fault = route_fib(ctx, &fib, link);
		*ifindex = fib.ifindex;
		return fault;
	}
	link->destination = config->transmit == TRANSMIT_GATEWAY ? config->gateway : link->source;
	link->source = self;
	return ROUTE_OK;
}

INLINE int send_to(const struct xdp_md *ctx, __u32 ifindex)
{
	if (!ifindex || ifindex == ctx->ingress_ifindex)
		return XDP_TX;
	return redirect_to(ifindex, 0);
}

/*
 * Headers are composed in words of eight bytes, which begin where fields do, and stored as such:
 * the numbers below are octets of the header, the low one first.
 */
INLINE void write_outer4(__u64 *word, const struct config *config, const struct table *table,
			 const struct outer *outer, __u32 length)
{
	const struct hop *hop = row_hop(table, outer->chain, 0);
	__be16 total = htons(length + outer->inner_length);
	__u64 checksum = checksum_of(config->sum + hop->sum + total);

	/* version, length, type of service; total length; id; fragment: do not */
	word[0] = 0x45 | (__u64)total << 16 | (__u64)htons(IPV4_DONT_FRAGMENT) << 48;
	/* TTL, protocol, checksum; source */
	word[1] = OUTER_TTL | PROTOCOL_UDP << 8 | checksum << 16 | (__u64)config->address4 << 32;
	/* destination; UDP source port, destination port */
	word[2] = hop->address | (__u64)outer->port << 32 | (__u64)htons(GUE_PORT) << 48;
}

INLINE void write_outer6(__u64 *word, const struct config *config, const struct table *table,
			 const struct outer *outer, __u32 length)
{
	const __be32 *hop = hop_address(table, outer->chain, 0);
	__be16 payload = htons(length - sizeof(struct ipv6) + outer->inner_length);

	/* version, class, label; payload length; next header, hop limit */
	word[0] = 0x60 | (__u64)payload << 32 | (__u64)PROTOCOL_UDP << 48 |
		  (__u64)OUTER_TTL << 56;
	word[1] = pair(config->address6);
	word[2] = pair(config->address6 + 2);
	word[3] = pair(hop);
	word[4] = pair(hop + 2);
	*(__u32 *)&word[5] = outer->port | (__u32)htons(GUE_PORT) << 16;
}

/* From the UDP length on: `at` is 20 octets before the hops in GLB's format, 12 more in ours. */
INLINE void write_tunnel(void *at, const struct table *table, const struct outer *outer,
			 __u32 udp_length)
{
	__u32 hops = row_hops(outer->chain);
	__u32 hlen = (udp_length - sizeof(struct udp) - sizeof(struct gue)) / 4;
	__u64 protocol = outer->inner_version == 4 ? PROTOCOL_IPIP : PROTOCOL_IPV6;
	__u32 type = table->wire == WIRE_GLB ? PRIVATE_GLB :
		     table->version == 4     ? PRIVATE_SLUICE :
					       PRIVATE_SLUICE6;

	/* UDP length, checksum 0; GUE length, protocol, flags 0 */
	*(__u64 *)at = htons(udp_length + outer->inner_length) | (__u64)hlen << 32 | protocol << 40;
	/* private type, next 0, count */
	*(__u32 *)(at + 8) = htons(type) | (hops - 1) << 24;
}

/* Open hops, rescues, reserved; generation. */
INLINE void write_stamp(void *at, const struct table *table, const struct outer *outer)
{
	*(__u32 *)at = row_open(outer->chain) | (__u32)outer->rescues << 8;
	*(__u64 *)(at + 4) = __builtin_bswap64(table->generation);
}

/* The chain without its first hop. An answer other than 0 means that there is no room. */
INLINE int write_hops(const struct xdp_md *ctx, void *at, const struct table *table, row_t chain)
{
#pragma unroll
	for (__u32 i = 1; i < MAX_HOPS; i++) {
		const __be32 *hop = hop_address(table, chain, i);

		if (i >= row_hops(chain))
			break;
		if (table->version == 4) {
			if (at + 4 > packet_end(ctx))
				return -1;
			*(__be32 *)at = hop[0];
			at += 4;
		} else {
			if (at + 16 > packet_end(ctx))
				return -1;
			copy_address(at, hop);
			at += 16;
		}
	}
	return 0;
}

/*
 * Replaces `strip` bytes at the start of the frame by link layer and outer headers. An answer other
 * than 0 means that there is no room: the frame is good for nothing but to be dropped.
 */
INLINE int encapsulate(struct xdp_md *ctx, int strip, const struct config *config,
		       const struct table *table, const struct outer *outer,
		       const struct link *link)
{
	__u32 length = outer_length(table, outer->chain);
	__u32 link_bytes = link_length(link);
	__u32 ip = table->version == 4 ? sizeof(struct ipv4) : sizeof(struct ipv6);
	const int longest = sizeof(struct ipv6) + sizeof(struct tunnel_head);
	void *at;

	if (xdp_adjust_head(ctx, strip - (int)(link_bytes + length)))
		return -1;
	if (write_link(ctx, link))
		return -1;
	if (table->version == 4) {
		at = at_offset(ctx, link_bytes, sizeof(struct ipv4) + sizeof(struct tunnel_head));
		if (!at)
			return -1;
		write_outer4(at, config, table, outer, length);
		at += sizeof(struct ipv4) + 4;
	} else {
		at = at_offset(ctx, link_bytes, longest);
		if (!at)
			return -1;
		write_outer6(at, config, table, outer, length);
		at += sizeof(struct ipv6) + 4;
	}
	write_tunnel(at, table, outer, length - ip);
	at += sizeof(struct tunnel_head) - 4;
	if (table->wire == WIRE_SLUICE) {
		if (at + sizeof(struct private_stamp) > packet_end(ctx))
			return -1;
		write_stamp(at, table, outer);
		at += sizeof(struct private_stamp);
	}
	return write_hops(ctx, at, table, outer->chain);
}
