/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Where an encapsulated packet goes, and writing its outer headers. */
#pragma once
#include "table.h"

struct route {
	__u8 destination[6];
	__u8 source[6];
	__u32 ifindex;
};

enum route_fault { ROUTE_OK, ROUTE_NONE, ROUTE_NO_NEIGHBOUR, ROUTE_TOO_BIG };

/* Outer headers to write, and the chain they carry; hop[0] is where the packet is sent. */
struct outer {
	__be32 source;
	__be16 port;
	__u16 inner_length;
	__u32 wire;
	__u64 generation;
	__u32 hops;
	__u8 open;
	__u8 rescues;
	__be32 hop[MAX_HOPS];
};

/* Without Ethernet. */
INLINE __u32 outer_length(const struct outer *outer)
{
	__u32 fixed = sizeof(struct outer_head) - sizeof(struct ethernet);

	if (outer->wire == WIRE_SLUICE)
		fixed += sizeof(struct private_stamp);
	return fixed + (outer->hops - 1) * sizeof(__be32);
}

INLINE int is_zero(const __u8 mac[6])
{
	return !(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

INLINE enum route_fault route_gateway(const struct config *config, const struct ethernet *frame,
				      struct route *route)
{
	const __u8 *gateway = is_zero(config->gateway) ? frame->source : config->gateway;

	__builtin_memcpy(route->destination, gateway, 6);
	__builtin_memcpy(route->source, frame->destination, 6);
	return ROUTE_OK;
}

INLINE enum route_fault route_fib(struct xdp_md *ctx, __be32 source, __be32 destination,
				  __be16 port, __u32 length, struct route *route)
{
	struct fib_lookup fib = {
		.family = FAMILY_INET,
		.l4_protocol = PROTOCOL_UDP,
		.sport = port,
		.dport = htons(GUE_PORT),
		.total_length = length,
		.ifindex = ctx->ingress_ifindex,
		.src = { source },
		.dst = { destination },
	};

	switch (fib_lookup(ctx, &fib, sizeof(fib), 0)) {
	case FIB_SUCCESS:
		__builtin_memcpy(route->destination, fib.destination_mac, 6);
		__builtin_memcpy(route->source, fib.source_mac, 6);
		route->ifindex = fib.ifindex;
		return ROUTE_OK;
	case FIB_NO_NEIGHBOUR:
		return ROUTE_NO_NEIGHBOUR;
	case FIB_TOO_BIG:
		return ROUTE_TOO_BIG;
	}
	return ROUTE_NONE;
}

/* `length` is that of the outer IPv4 packet. */
INLINE enum route_fault find_route(struct xdp_md *ctx, const struct config *config,
				   const struct ethernet *frame, __be32 destination, __be16 port,
				   __u32 length, struct route *route)
{
	if (length > 0xffff)
		return ROUTE_TOO_BIG;
	route->ifindex = ctx->ingress_ifindex;
	if (config->transmit == TRANSMIT_GATEWAY)
		return route_gateway(config, frame, route);
	return route_fib(ctx, config->address, destination, port, length, route);
}

INLINE int send_to(const struct xdp_md *ctx, const struct route *route)
{
	if (route->ifindex == ctx->ingress_ifindex)
		return XDP_TX;
	return redirect_to(route->ifindex, 0);
}

INLINE void write_ethernet(struct ethernet *frame, const struct route *route)
{
	__builtin_memcpy(frame->destination, route->destination, 6);
	__builtin_memcpy(frame->source, route->source, 6);
	frame->type = htons(ETHERTYPE_IPV4);
}

INLINE void write_outer(struct outer_head *head, const struct outer *outer, __u32 length)
{
	__u32 udp_length = length - sizeof(struct ipv4) + outer->inner_length;
	struct ipv4 ip = {
		.version_ihl = 0x45,
		.length = htons(length + outer->inner_length),
		.fragment = htons(IPV4_DONT_FRAGMENT),
		.ttl = OUTER_TTL,
		.protocol = PROTOCOL_UDP,
		.source = outer->source,
		.destination = outer->hop[0],
	};

	ip.checksum = ipv4_checksum(&ip);
	head->ip = ip;
	head->udp.source = outer->port;
	head->udp.destination = htons(GUE_PORT);
	head->udp.length = htons(udp_length);
	head->udp.checksum = 0;
	head->gue.hlen = (udp_length - outer->inner_length - sizeof(struct udp) -
			  sizeof(struct gue)) / 4;
	head->gue.protocol = PROTOCOL_IPIP;
	head->gue.flags = 0;
	head->private.type = htons(outer->wire == WIRE_SLUICE ? PRIVATE_SLUICE : PRIVATE_GLB);
	head->private.next = 0;
	head->private.count = outer->hops - 1;
}

INLINE void write_stamp(struct private_stamp *stamp, const struct outer *outer)
{
	stamp->open = outer->open;
	stamp->rescues = outer->rescues;
	stamp->reserved = 0;
	stamp->generation_high = htonl(outer->generation >> 32);
	stamp->generation_low = htonl(outer->generation);
}

/*
 * Replaces `strip` bytes after the Ethernet header by new outer headers. An answer other than 0
 * means that there is no room: the frame is good for nothing but to be dropped.
 *
 * One bounds check serves every write: the longest headers are 74 bytes, and the shortest frame
 * that gets here is as long (GLB's 50 with one hop, and 24 bytes of inner packet).
 */
INLINE int encapsulate(struct xdp_md *ctx, int strip, const struct outer *outer,
		       const struct route *route)
{
	__u32 length = outer_length(outer);
	struct outer_head *head;
	struct private_stamp *stamp;
	__be32 *hops;

	if (xdp_adjust_head(ctx, strip - (int)length))
		return -1;
	head = packet_data(ctx);
	stamp = (void *)(head + 1);
	if ((void *)(stamp + 1) + (MAX_HOPS - 1) * sizeof(__be32) > packet_end(ctx))
		return -1;
	write_ethernet(&head->ethernet, route);
	write_outer(head, outer, length);
	hops = (void *)stamp;
	if (outer->wire == WIRE_SLUICE) {
		write_stamp(stamp, outer);
		hops = (void *)(stamp + 1);
	}
#pragma unroll
	for (__u32 i = 1; i < MAX_HOPS; i++)
		if (i < outer->hops)
			hops[i - 1] = outer->hop[i];
	return 0;
}
