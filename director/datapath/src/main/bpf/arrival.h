/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* An encapsulated packet as it reaches a proxy host, read once. */
#pragma once
#include "table.h"

struct arrival {
	struct inner inner;
	__u32 acknowledgement; /* of TCP */
	__u8 tcp_flags;
	__u8 next; /* index into the list of the hop after this one */
	__u8 count; /* hops in the list */
	__u8 rescues;
	__u16 private_type;
	__be16 port; /* outer source port */
	__be32 next_hop; /* if there is one */
	__u32 outer_length; /* of all headers between Ethernet and inner packet */
	__u32 total_length; /* of the outer packet */
	__u64 stamp; /* generation of whoever chose the chain; 0 in GLB's format */
};

enum arrival_fault {
	ARRIVAL_OK,
	ARRIVAL_OTHER, /* not encapsulated, or not for this host: the kernel's */
	ARRIVAL_MALFORMED,
	ARRIVAL_IPV6,
	ARRIVAL_PROTOCOL,
	ARRIVAL_FRAGMENT,
};

INLINE int is_last(const struct arrival *arrival)
{
	return arrival->next >= arrival->count;
}

/* A flow's first packet; one that carries an acknowledgement or a reset is none. */
INLINE int is_syn(const struct arrival *arrival)
{
	return (arrival->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

INLINE int is_for(const struct ipv4 *ip, __be32 address)
{
	return ip->version_ihl == 0x45 && !(ip->fragment & htons(IPV4_FRAGMENT_BITS)) &&
	       ip->protocol == PROTOCOL_UDP && ip->destination == address;
}

/* The words of private data before the hops; 0 for a type that this version does not know. */
INLINE __u32 fixed_words(__u16 private_type)
{
	switch (private_type) {
	case PRIVATE_GLB:
		return sizeof(struct private_head) / 4;
	case PRIVATE_SLUICE:
		return (sizeof(struct private_head) + sizeof(struct private_stamp)) / 4;
	}
	return 0;
}

INLINE enum arrival_fault read_stamp(const struct private_stamp *stamp, void *end,
				     struct arrival *arrival)
{
	if ((void *)(stamp + 1) > end)
		return ARRIVAL_MALFORMED;
	arrival->rescues = stamp->rescues;
	arrival->stamp = (__u64)ntohl(stamp->generation_high) << 32 |
			 ntohl(stamp->generation_low);
	return ARRIVAL_OK;
}

INLINE enum arrival_fault read_private(const struct outer_head *head, void *end,
				       struct arrival *arrival)
{
	__u32 fixed;
	const __be32 *hop;

	if (head->gue.hlen & 0xe0 || head->gue.flags)
		return ARRIVAL_MALFORMED;
	if (head->gue.protocol == PROTOCOL_IPV6)
		return ARRIVAL_IPV6;
	if (head->gue.protocol != PROTOCOL_IPIP)
		return ARRIVAL_MALFORMED;
	arrival->private_type = ntohs(head->private.type);
	arrival->next = head->private.next;
	arrival->count = head->private.count;
	fixed = fixed_words(arrival->private_type);
	if (!fixed || head->gue.hlen != fixed + arrival->count)
		return ARRIVAL_MALFORMED;
	arrival->outer_length = sizeof(struct ipv4) + sizeof(struct udp) + sizeof(struct gue) +
				head->gue.hlen * 4;
	if (arrival->private_type == PRIVATE_SLUICE &&
	    read_stamp((const void *)(head + 1), end, arrival))
		return ARRIVAL_MALFORMED;
	if (is_last(arrival))
		return ARRIVAL_OK;
	hop = (const void *)&head->private + fixed * 4 + arrival->next * sizeof(*hop);
	if ((void *)(hop + 1) > end)
		return ARRIVAL_MALFORMED;
	arrival->next_hop = *hop;
	return ARRIVAL_OK;
}

/* At most 31 words of GUE: the mask tells the verifier. */
INLINE const struct ipv4 *inner_ip(const struct xdp_md *ctx, const struct arrival *arrival)
{
	return packet_data(ctx) + sizeof(struct ethernet) + (arrival->outer_length & 0xff);
}

INLINE enum arrival_fault read_inner(const struct xdp_md *ctx, void *end,
				     struct arrival *arrival)
{
	const struct ipv4 *ip = inner_ip(ctx, arrival);
	const struct tcp *tcp = (const void *)(ip + 1);

	switch (parse_inner(ip, end, &arrival->inner)) {
	case INNER_OK:
		break;
	case INNER_PROTOCOL:
		return ARRIVAL_PROTOCOL;
	case INNER_FRAGMENT:
		return ARRIVAL_FRAGMENT;
	default:
		return ARRIVAL_MALFORMED;
	}
	if (arrival->inner.kind != INNER_TCP)
		return ARRIVAL_OK;
	if ((void *)(tcp + 1) > end)
		return ARRIVAL_MALFORMED;
	arrival->tcp_flags = tcp->flags;
	arrival->acknowledgement = ntohl(tcp->acknowledgement);
	return ARRIVAL_OK;
}

INLINE enum arrival_fault read_arrival(const struct xdp_md *ctx, __be32 address,
				       struct arrival *arrival)
{
	void *end = packet_end(ctx);
	const struct outer_head *head = packet_data(ctx);
	enum arrival_fault fault;

	if ((void *)(&head->udp + 1) > end || head->ethernet.type != htons(ETHERTYPE_IPV4) ||
	    !is_for(&head->ip, address) || head->udp.destination != htons(GUE_PORT))
		return ARRIVAL_OTHER;
	if ((void *)(head + 1) > end)
		return ARRIVAL_MALFORMED;
	arrival->port = head->udp.source;
	arrival->total_length = ntohs(head->ip.length);
	fault = read_private(head, end, arrival);
	if (fault)
		return fault;
	return read_inner(ctx, end, arrival);
}
