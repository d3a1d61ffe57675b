/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The client's packet: on a director as it arrives, on a proxy host inside the encapsulation. */
#pragma once
#include "frame.h"

/*
 * As the client sends it; the key of watched flows. Ports are 0 where there are none. Of an IPv4
 * address only the first word is not 0.
 */
struct flow {
	__be32 client[4];
	__be32 vip[4];
	__be16 client_port;
	__be16 vip_port;
	__u8 protocol; /* ICMPv6 is ICMP here: the version tells them apart */
	__u8 version;
	__u16 reserved;
};

enum inner_kind {
	INNER_TCP,
	INNER_UDP,
	INNER_ERROR, /* an ICMP error about a flow */
	INNER_ECHO, /* ICMP that belongs to a VIP, not to a flow */
	INNER_FRAGMENT, /* any fragment of a datagram: its ports are not looked at */
};

struct inner {
	struct flow flow; /* of an ICMP error: that of the quoted packet, turned round */
	__u32 length; /* of the whole IP packet, by its own header */
	__u32 transport; /* offset in the frame of what follows the IP headers */
	__u16 port_hint; /* varies the outer source port */
	__u8 kind;
	__u8 too_big; /* the error is "fragmentation needed" or "packet too big" */
	__u8 dont_fragment;
};

/* Why a packet is no candidate for any pool. */
enum inner_fault {
	INNER_OK,
	INNER_TRUNCATED,
	INNER_MALFORMED,
	INNER_EXTENSIONS, /* too many, or a source route */
	INNER_PROTOCOL,
	INNER_QUOTE, /* the quoted packet tells no flow of ours */
};

struct ports {
	__be16 source;
	__be16 destination;
};

/* An IP header with all that follows it before the transport. */
struct network {
	__be32 source[4];
	__be32 destination[4];
	__u32 length; /* of the packet, by its header */
	__u32 transport; /* offset in the frame */
	__u16 hint; /* the same in all fragments of a datagram */
	__u16 label; /* low bits of IPv6's flow label */
	__u8 protocol;
	__u8 version;
	__u8 fragment; /* one of several */
	__u8 later_fragment; /* not the first */
	__u8 dont_fragment;
};

INLINE void copy_address(__be32 to[4], const __be32 from[4])
{
	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
	to[3] = from[3];
}

INLINE int same_address(const __be32 a[4], const __be32 b[4])
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

INLINE enum inner_fault read_ipv4(struct xdp_md *ctx, __u32 offset, struct network *network)
{
	const struct ipv4 *ip = at_offset(ctx, offset, sizeof(*ip));
	__u32 header;

	if (!ip)
		return INNER_TRUNCATED;
	header = (ip->version_ihl & 15) * 4;
	if (ip->version_ihl >> 4 != 4 || header < sizeof(*ip))
		return INNER_MALFORMED;
	network->version = 4;
	network->source[0] = ip->source;
	network->destination[0] = ip->destination;
	network->length = ntohs(ip->length);
	network->transport = offset + header;
	network->protocol = ip->protocol;
	network->hint = ntohs(ip->id);
	network->fragment = !!(ip->fragment & htons(IPV4_FRAGMENT_BITS));
	network->later_fragment = !!(ip->fragment & htons(IPV4_OFFSET_BITS));
	network->dont_fragment = !!(ip->fragment & htons(IPV4_DONT_FRAGMENT));
	return network->length < header ? INNER_MALFORMED : INNER_OK;
}

/* What one extension header does to the walk; positive when the walk is over. */
INLINE int walk_extension(struct xdp_md *ctx, struct network *network)
{
	const struct ipv6_extension *extension;

	switch (network->protocol) {
	case PROTOCOL_HOP_BY_HOP:
	case PROTOCOL_ROUTING:
	case PROTOCOL_DESTINATION:
	case PROTOCOL_AUTHENTICATION:
	case PROTOCOL_FRAGMENT:
		break;
	default:
		return 1;
	}
	extension = at_offset(ctx, network->transport, sizeof(*extension));
	if (!extension)
		return -INNER_TRUNCATED;
	if (network->protocol == PROTOCOL_FRAGMENT) {
		network->fragment = !!(extension->fragment & htons(IPV6_FRAGMENT_BITS));
		network->later_fragment = !!(extension->fragment & htons(IPV6_OFFSET_BITS));
		network->hint = ntohl(extension->id);
		network->transport += sizeof(*extension);
	} else if (network->protocol == PROTOCOL_AUTHENTICATION) {
		network->transport += (extension->length + 2) * 4;
	} else {
		/* Segments left: the destination address is not where the packet ends. */
		if (network->protocol == PROTOCOL_ROUTING && extension->fragment & htons(0xff))
			return -INNER_EXTENSIONS;
		network->transport += (extension->length + 1) * 8;
	}
	network->protocol = extension->next;
	return network->later_fragment;
}

GLOBAL int walk_extensions(struct xdp_md *ctx, struct network *network)
{
	if (!network)
		return INNER_MALFORMED;
	for (int i = 0; i <= MAX_EXTENSIONS; i++) {
		int step = walk_extension(ctx, network);

		if (step)
			return step > 0 ? INNER_OK : -step;
	}
	return INNER_EXTENSIONS;
}

INLINE enum inner_fault read_ipv6(struct xdp_md *ctx, __u32 offset, struct network *network)
{
	const struct ipv6 *ip = at_offset(ctx, offset, sizeof(*ip));
	enum inner_fault fault;

	if (!ip)
		return INNER_TRUNCATED;
	if ((ip->version_class_label & htonl(0xf0000000)) != htonl(0x60000000))
		return INNER_MALFORMED;
	network->version = 6;
	copy_address(network->source, ip->source);
	copy_address(network->destination, ip->destination);
	network->length = sizeof(*ip) + ntohs(ip->payload_length);
	network->transport = offset + sizeof(*ip);
	network->protocol = ip->next;
	network->label = ntohl(ip->version_class_label);
	network->dont_fragment = 1;
	if (ip->next == PROTOCOL_TCP)
		return INNER_OK;
	fault = walk_extensions(ctx, network);
	if (fault)
		return fault;
	return network->transport - offset > network->length ? INNER_MALFORMED : INNER_OK;
}

INLINE enum inner_fault read_network(struct xdp_md *ctx, __u32 offset, int version,
				     struct network *network)
{
	return version == 4 ? read_ipv4(ctx, offset, network) : read_ipv6(ctx, offset, network);
}

/* The protocol of ICMP for a version of IP. */
INLINE int is_icmp(const struct network *network)
{
	return network->protocol == (network->version == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6);
}

INLINE int has_ports(const struct network *network)
{
	return network->protocol == PROTOCOL_TCP || network->protocol == PROTOCOL_UDP;
}

/*
 * The quoted packet is one that we sent: its source is the VIP. A first fragment of it will do,
 * for it has the ports. It takes the place of the outer one in `network`: the stack is small.
 */
INLINE enum inner_fault parse_quote(struct xdp_md *ctx, struct network *network,
				    struct inner *inner)
{
	const int version = network->version;
	const __u32 quoted = network->transport + sizeof(struct icmp);
	const struct ports *ports;
	enum inner_fault fault;

	copy_address(inner->flow.vip, network->destination);
	*network = (struct network){};
	fault = read_network(ctx, quoted, version, network);
	if (fault)
		return fault == INNER_TRUNCATED ? INNER_TRUNCATED : INNER_QUOTE;
	if (network->later_fragment || !same_address(network->source, inner->flow.vip) ||
	    !has_ports(network))
		return INNER_QUOTE;
	ports = at_offset(ctx, network->transport, sizeof(*ports));
	if (!ports)
		return INNER_TRUNCATED;
	inner->kind = INNER_ERROR;
	inner->flow.protocol = network->protocol;
	copy_address(inner->flow.client, network->destination);
	inner->flow.client_port = ports->destination;
	inner->flow.vip_port = ports->source;
	inner->port_hint = ntohs(ports->destination);
	return INNER_OK;
}

enum icmp_class { ICMP_OTHER, ICMP_ERROR, ICMP_OF_VIP };

INLINE enum icmp_class classify_icmp(const struct icmp *icmp, int version)
{
	if (version == 6) {
		if (icmp->type >= ICMPV6_UNREACHABLE && icmp->type <= ICMPV6_PARAMETER_PROBLEM)
			return ICMP_ERROR;
		if (icmp->type == ICMPV6_ECHO_REQUEST || icmp->type == ICMPV6_ECHO_REPLY)
			return ICMP_OF_VIP;
		return ICMP_OTHER; /* neighbours, groups: this host's own */
	}
	switch (icmp->type) {
	case ICMP_UNREACHABLE:
	case ICMP_SOURCE_QUENCH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER_PROBLEM:
		return ICMP_ERROR;
	case ICMP_REDIRECT: /* about routes, not flows; never for a VIP */
		return ICMP_OTHER;
	}
	return ICMP_OF_VIP;
}

INLINE void set_addresses(struct inner *inner, const struct network *network)
{
	copy_address(inner->flow.client, network->source);
	copy_address(inner->flow.vip, network->destination);
}

INLINE enum inner_fault parse_icmp(struct xdp_md *ctx, struct network *network,
				   struct inner *inner)
{
	const struct icmp *icmp = at_offset(ctx, network->transport, sizeof(*icmp));

	if (!icmp)
		return INNER_TRUNCATED;
	switch (classify_icmp(icmp, network->version)) {
	case ICMP_ERROR:
		inner->too_big = network->version == 6 ?
					 icmp->type == ICMPV6_TOO_BIG :
					 icmp->type == ICMP_UNREACHABLE &&
						 icmp->code == ICMP_TOO_BIG_CODE;
		return parse_quote(ctx, network, inner);
	case ICMP_OF_VIP:
		inner->kind = INNER_ECHO;
		inner->flow.protocol = PROTOCOL_ICMP;
		set_addresses(inner, network);
		inner->port_hint = network->version == 6 ? network->label : network->hint;
		return INNER_OK;
	default:
		return INNER_PROTOCOL;
	}
}

INLINE enum inner_fault parse_fragment(const struct network *network, struct inner *inner)
{
	if (!is_icmp(network) && !has_ports(network))
		return INNER_PROTOCOL;
	inner->kind = INNER_FRAGMENT;
	inner->flow.protocol = is_icmp(network) ? PROTOCOL_ICMP : network->protocol;
	set_addresses(inner, network);
	inner->port_hint = network->hint;
	return INNER_OK;
}

/*
 * Most packets by far: IPv4 without options, TCP or UDP, in one piece, and all of it there. 0 means
 * that it is none of these, and nothing was written.
 */
INLINE int parse_plain(struct xdp_md *ctx, __u32 offset, struct inner *inner)
{
	const struct ipv4 *ip = at_offset(ctx, offset, sizeof(*ip) + sizeof(struct ports));
	const struct ports *ports = (const void *)(ip + 1);

	if (!ip || ip->version_ihl != 0x45 || ip->fragment & htons(IPV4_FRAGMENT_BITS) ||
	    (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP) ||
	    ntohs(ip->length) < sizeof(*ip) + sizeof(*ports))
		return 0;
	inner->kind = ip->protocol == PROTOCOL_TCP ? INNER_TCP : INNER_UDP;
	inner->length = ntohs(ip->length);
	inner->transport = offset + sizeof(*ip);
	inner->dont_fragment = !!(ip->fragment & htons(IPV4_DONT_FRAGMENT));
	inner->flow.version = 4;
	inner->flow.protocol = ip->protocol;
	inner->flow.client[0] = ip->source;
	inner->flow.vip[0] = ip->destination;
	inner->flow.client_port = ports->source;
	inner->flow.vip_port = ports->destination;
	inner->port_hint = ntohs(ports->source);
	return 1;
}

/* Any packet; `inner` is all zero before. */
INLINE enum inner_fault parse_inner(struct xdp_md *ctx, __u32 offset, int version,
				    struct inner *inner)
{
	struct network network = {};
	const struct ports *ports;
	enum inner_fault fault = read_network(ctx, offset, version, &network);

	if (fault)
		return fault;
	inner->length = network.length;
	inner->transport = network.transport;
	inner->dont_fragment = network.dont_fragment;
	inner->flow.version = network.version;
	if (network.fragment)
		return parse_fragment(&network, inner);
	if (!is_icmp(&network) && !has_ports(&network))
		return INNER_PROTOCOL;
	/* Behind the packet's end there is padding, whatever it looks like. */
	if (network.transport - offset + sizeof(*ports) > network.length)
		return INNER_MALFORMED;
	if (is_icmp(&network))
		return parse_icmp(ctx, &network, inner);
	ports = at_offset(ctx, network.transport, sizeof(*ports));
	if (!ports)
		return INNER_TRUNCATED;
	inner->kind = network.protocol == PROTOCOL_TCP ? INNER_TCP : INNER_UDP;
	inner->flow.protocol = network.protocol;
	set_addresses(inner, &network);
	inner->flow.client_port = ports->source;
	inner->flow.vip_port = ports->destination;
	inner->port_hint = ntohs(ports->source);
	return INNER_OK;
}
