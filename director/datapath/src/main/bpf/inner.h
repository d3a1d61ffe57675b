/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The client's packet: on a director as it arrives, on a proxy host inside the encapsulation. */
#pragma once
#include "wire.h"

/* As the client sends it; the key of watched flows. Ports are 0 where there are none. */
struct flow {
	__be32 client;
	__be32 vip;
	__be16 client_port;
	__be16 vip_port;
	__u8 protocol;
	__u8 reserved[3];
};

enum inner_kind {
	INNER_TCP,
	INNER_UDP,
	INNER_ERROR, /* an ICMP error about a flow */
	INNER_ECHO, /* any other ICMP */
};

struct inner {
	struct flow flow; /* of an ICMP error: that of the quoted packet, turned round */
	__u16 length; /* of the whole IPv4 packet, by its own header */
	__u16 port_hint; /* varies the outer source port */
	__u8 kind;
	__u8 too_big; /* the error is "fragmentation needed" */
};

/* Why a packet is no candidate for any pool. */
enum inner_fault {
	INNER_OK,
	INNER_TRUNCATED,
	INNER_MALFORMED,
	INNER_OPTIONS,
	INNER_FRAGMENT,
	INNER_PROTOCOL,
	INNER_QUOTE, /* the quoted packet tells no flow of ours */
};

struct ports {
	__be16 source;
	__be16 destination;
};

INLINE enum inner_fault check_ipv4(const struct ipv4 *ip, __be16 fragment_bits)
{
	if (ip->version_ihl >> 4 != 4 || (ip->version_ihl & 15) < 5)
		return INNER_MALFORMED;
	if (ip->version_ihl != 0x45)
		return INNER_OPTIONS;
	if (ip->fragment & fragment_bits)
		return INNER_FRAGMENT;
	return INNER_OK;
}

/*
 * The quoted packet is one that we sent: its source is the VIP. A first fragment of it will do,
 * for it has the ports.
 */
INLINE enum inner_fault parse_quote(const struct ipv4 *ip, const struct icmp *icmp, void *end,
				    struct inner *inner)
{
	const struct ipv4 *quoted = (const void *)(icmp + 1);
	const struct ports *ports = (const void *)(quoted + 1);

	if ((void *)(ports + 1) > end)
		return INNER_TRUNCATED;
	if (check_ipv4(quoted, htons(0x1fff)) || quoted->source != ip->destination)
		return INNER_QUOTE;
	if (quoted->protocol != PROTOCOL_TCP && quoted->protocol != PROTOCOL_UDP)
		return INNER_QUOTE;
	inner->kind = INNER_ERROR;
	inner->flow.protocol = quoted->protocol;
	inner->too_big = icmp->type == ICMP_UNREACHABLE && icmp->code == ICMP_TOO_BIG_CODE;
	inner->flow.client = quoted->destination;
	inner->flow.vip = quoted->source;
	inner->flow.client_port = ports->destination;
	inner->flow.vip_port = ports->source;
	inner->port_hint = ntohs(ports->destination);
	return INNER_OK;
}

INLINE enum inner_fault parse_icmp(const struct ipv4 *ip, void *end, struct inner *inner)
{
	const struct icmp *icmp = (const void *)(ip + 1);

	if ((void *)(icmp + 1) > end)
		return INNER_TRUNCATED;
	switch (icmp->type) {
	case ICMP_UNREACHABLE:
	case ICMP_SOURCE_QUENCH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER_PROBLEM:
		return parse_quote(ip, icmp, end, inner);
	case ICMP_REDIRECT: /* about routes, not flows; never for a VIP */
		return INNER_PROTOCOL;
	}
	inner->kind = INNER_ECHO;
	inner->flow.protocol = PROTOCOL_ICMP;
	inner->flow.client = ip->source;
	inner->flow.vip = ip->destination;
	inner->port_hint = ntohs(ip->id);
	return INNER_OK;
}

INLINE enum inner_fault parse_inner(const struct ipv4 *ip, void *end, struct inner *inner)
{
	const struct ports *ports = (const void *)(ip + 1);
	enum inner_fault fault;

	if ((void *)(ip + 1) > end)
		return INNER_TRUNCATED;
	fault = check_ipv4(ip, htons(IPV4_FRAGMENT_BITS));
	if (fault)
		return fault;
	inner->length = ntohs(ip->length);
	if (inner->length < sizeof(*ip))
		return INNER_MALFORMED;
	if (ip->protocol == PROTOCOL_ICMP)
		return parse_icmp(ip, end, inner);
	if (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP)
		return INNER_PROTOCOL;
	if ((void *)(ports + 1) > end)
		return INNER_TRUNCATED;
	inner->kind = ip->protocol == PROTOCOL_TCP ? INNER_TCP : INNER_UDP;
	inner->flow.protocol = ip->protocol;
	inner->flow.client = ip->source;
	inner->flow.vip = ip->destination;
	inner->flow.client_port = ports->source;
	inner->flow.vip_port = ports->destination;
	inner->port_hint = ntohs(ports->source);
	return INNER_OK;
}
