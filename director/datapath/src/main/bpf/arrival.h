/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* An encapsulated packet as it reaches a proxy host, read once. */
#pragma once
#include "table.h"

struct arrival {
	struct inner inner;
	struct link link;
	__u64 stamp; /* generation of whoever chose the chain; 0 in GLB's format */
	__be32 source[4]; /* who sent it */
	__be32 next_hop[4]; /* if there is one */
	__u32 acknowledgement; /* of TCP */
	__u32 tunnel; /* offset in the frame of what follows the outer IP header */
	__u32 client; /* offset in the frame of the client's packet */
	__u32 total_length; /* of the outer packet */
	__u32 pool; /* MAX_POOLS: none yet */
	__u16 private_type;
	__be16 port; /* outer source port */
	__u8 version; /* of the outer IP */
	__u8 tcp_flags;
	__u8 next; /* index into the list of the hop after this one */
	__u8 count; /* hops in the list */
	__u8 rescues;
};

enum arrival_fault {
	ARRIVAL_OK,
	ARRIVAL_OTHER, /* not encapsulated, or not for this host: the kernel's */
	ARRIVAL_MALFORMED,
	ARRIVAL_SOURCE,
	ARRIVAL_PROTOCOL,
};

/* Who may send encapsulated packets, if that is restricted: directors and members of pools. */
struct peer {
	__be32 address[4];
	__u32 version;
};

struct {
	MAP_UINT(type, MAP_HASH);
	MAP_UINT(map_flags, MAP_NO_PREALLOC);
	MAP_UINT(max_entries, 65536);
	MAP_TYPE(key, struct peer);
	MAP_TYPE(value, __u32);
} peers SECTION(".maps");

INLINE int is_last(const struct arrival *arrival)
{
	return arrival->next >= arrival->count;
}

/* A flow's first packet; one that carries an acknowledgement or a reset is none. */
INLINE int is_syn(const struct arrival *arrival)
{
	return (arrival->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

INLINE int read_outer4(struct xdp_md *ctx, const struct config *config,
		       struct arrival *arrival)
{
	__u32 offset = link_length(&arrival->link);
	const struct ipv4 *ip = at_offset(ctx, offset, sizeof(*ip));

	if (!ip || ip->version_ihl != 0x45 || ip->fragment & htons(IPV4_FRAGMENT_BITS) ||
	    ip->protocol != PROTOCOL_UDP || ip->destination != config->address4)
		return 0;
	arrival->version = 4;
	arrival->source[0] = ip->source;
	arrival->total_length = ntohs(ip->length);
	arrival->tunnel = offset + sizeof(*ip);
	return 1;
}

INLINE int read_outer6(struct xdp_md *ctx, const struct config *config,
		       struct arrival *arrival)
{
	__u32 offset = link_length(&arrival->link);
	const struct ipv6 *ip = at_offset(ctx, offset, sizeof(*ip));

	if (!ip || (ip->version_class_label & htonl(0xf0000000)) != htonl(0x60000000) ||
	    ip->next != PROTOCOL_UDP || !same_address(ip->destination, config->address6))
		return 0;
	arrival->version = 6;
	copy_address(arrival->source, ip->source);
	arrival->total_length = sizeof(*ip) + ntohs(ip->payload_length);
	arrival->tunnel = offset + sizeof(*ip);
	return 1;
}

/* Whether a frame is UDP for this host's own underlay address. */
INLINE int read_outer(struct xdp_md *ctx, const struct config *config,
		      struct arrival *arrival)
{
	if (read_link(ctx, &arrival->link))
		return 0;
	if (arrival->link.type == htons(ETHERTYPE_IPV4))
		return config->address4 && read_outer4(ctx, config, arrival);
	if (arrival->link.type == htons(ETHERTYPE_IPV6))
		return config->address6[0] && read_outer6(ctx, config, arrival);
	return 0;
}

INLINE int is_peer(const struct arrival *arrival)
{
	struct peer peer = { .version = arrival->version };

	copy_address(peer.address, arrival->source);
	return map_lookup(&peers, &peer) != 0;
}

/* Who has not heard from the cluster of late cannot know who is new in it. */
INLINE int may_send(const struct config *config, const struct arrival *arrival)
{
	return !config->filtering_until || is_peer(arrival) ||
	       ktime_ns() >= config->filtering_until;
}

/* The words of private data before the hops; 0 for a type that has no place here. */
INLINE __u32 fixed_words(const struct arrival *arrival)
{
	const __u32 stamped = (sizeof(struct private_head) + sizeof(struct private_stamp)) / 4;

	switch (arrival->private_type) {
	case PRIVATE_GLB:
		return arrival->version == 4 ? sizeof(struct private_head) / 4 : 0;
	case PRIVATE_SLUICE:
		return arrival->version == 4 ? stamped : 0;
	case PRIVATE_SLUICE6:
		return arrival->version == 6 ? stamped : 0;
	}
	return 0;
}

INLINE enum arrival_fault read_stamp(struct xdp_md *ctx, struct arrival *arrival)
{
	const struct private_stamp *stamp = at_offset(
		ctx, arrival->tunnel + sizeof(struct tunnel_head), sizeof(*stamp));

	if (!stamp)
		return ARRIVAL_MALFORMED;
	arrival->rescues = stamp->rescues;
	arrival->stamp = (__u64)ntohl(stamp->generation_high) << 32 |
			 ntohl(stamp->generation_low);
	return ARRIVAL_OK;
}

INLINE enum arrival_fault read_next_hop(struct xdp_md *ctx, struct arrival *arrival,
					__u32 list)
{
	const __be32 *hop;

	if (is_last(arrival))
		return ARRIVAL_OK;
	if (arrival->version == 4) {
		hop = at_offset(ctx, list + arrival->next * 4, 4);
		if (!hop)
			return ARRIVAL_MALFORMED;
		arrival->next_hop[0] = *hop;
		return ARRIVAL_OK;
	}
	hop = at_offset(ctx, list + arrival->next * 16, 16);
	if (!hop)
		return ARRIVAL_MALFORMED;
	copy_address(arrival->next_hop, hop);
	return ARRIVAL_OK;
}

INLINE enum arrival_fault read_private(struct xdp_md *ctx, const struct tunnel_head *head,
				       struct arrival *arrival)
{
	__u32 fixed;

	if (head->gue.hlen & 0xe0 || head->gue.flags)
		return ARRIVAL_MALFORMED;
	if (head->gue.protocol != PROTOCOL_IPIP && head->gue.protocol != PROTOCOL_IPV6)
		return ARRIVAL_MALFORMED;
	arrival->private_type = ntohs(head->private.type);
	arrival->next = head->private.next;
	arrival->count = head->private.count;
	fixed = fixed_words(arrival);
	if (!fixed ||
	    head->gue.hlen != fixed + arrival->count * (arrival->version == 4 ? 1 : 4))
		return ARRIVAL_MALFORMED;
	arrival->client = arrival->tunnel + sizeof(struct udp) + sizeof(struct gue) +
			  head->gue.hlen * 4;
	if (arrival->private_type != PRIVATE_GLB && read_stamp(ctx, arrival))
		return ARRIVAL_MALFORMED;
	return read_next_hop(ctx, arrival,
			     arrival->tunnel + sizeof(struct udp) + sizeof(struct gue) +
				     fixed * 4);
}

INLINE enum arrival_fault read_inner(struct xdp_md *ctx, int version,
				     struct arrival *arrival)
{
	const struct tcp *tcp;

	switch (parse_inner(ctx, arrival->client, version, &arrival->inner)) {
	case INNER_OK:
		break;
	case INNER_PROTOCOL:
		return ARRIVAL_PROTOCOL;
	default:
		return ARRIVAL_MALFORMED;
	}
	if (arrival->inner.kind != INNER_TCP)
		return ARRIVAL_OK;
	tcp = at_offset(ctx, arrival->inner.transport, sizeof(*tcp));
	if (!tcp)
		return ARRIVAL_MALFORMED;
	arrival->tcp_flags = tcp->flags;
	arrival->acknowledgement = ntohl(tcp->acknowledgement);
	return ARRIVAL_OK;
}

/* An arrival_fault; `arrival` is all zero before. */
GLOBAL int read_arrival(struct xdp_md *ctx, const struct config *config, struct arrival *arrival)
{
	const struct udp *udp;
	const struct tunnel_head *head;
	enum arrival_fault fault;

	if (!config || !arrival)
		return ARRIVAL_OTHER;
	if (!read_outer(ctx, config, arrival))
		return ARRIVAL_OTHER;
	udp = at_offset(ctx, arrival->tunnel, sizeof(*udp));
	if (!udp || udp->destination != htons(GUE_PORT))
		return ARRIVAL_OTHER;
	if (!may_send(config, arrival))
		return ARRIVAL_SOURCE;
	head = at_offset(ctx, arrival->tunnel, sizeof(*head));
	if (!head)
		return ARRIVAL_MALFORMED;
	arrival->port = head->udp.source;
	fault = read_private(ctx, head, arrival);
	if (fault)
		return fault;
	return read_inner(ctx, head->gue.protocol == PROTOCOL_IPV6 ? 6 : 4, arrival);
}
