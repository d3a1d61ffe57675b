/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What leaves a proxy host: the SYN-ACK of a VIP offers the client no longer segments than fit into the
 * underlay together with the headers that a director puts around them (RFC 9293 §3.7.1). Without that
 * a path of 1,500 bytes everywhere works by too-big errors alone, which many networks lose.
 */
#pragma once
#include "table.h"

enum {
	FILTER_GO_ON = -1, /* to what else looks at the packet */
	OPTION_END = 0,
	OPTION_NONE = 1,
	OPTION_MSS = 2,
	MSS_LENGTH = 4,
	SEQUENCE_OF_OPTIONS = 10, /* looked at: the kernel writes MSS first */
};

/* The headers of a SYN-ACK. */
struct syn_ack {
	struct flow flow; /* of what it answers: only the VIP's side */
	__u32 headers; /* of IP and TCP without options */
	__u32 options; /* where they are in the frame */
	__u32 options_end;
};

/* Of IP: the length of its header if TCP follows in one piece, else 0. */
INLINE __u32 read_sent4(void *skb, struct flow *flow)
{
	struct ipv4 ip;

	if (skb_load(skb, sizeof(struct ethernet), &ip, sizeof(ip)) ||
	    ip.protocol != PROTOCOL_TCP || ip.fragment & htons(IPV4_FRAGMENT_BITS))
		return 0;
	flow->version = 4;
	flow->vip[0] = ip.source;
	return (ip.version_ihl & 15) * 4;
}

INLINE __u32 read_sent6(void *skb, struct flow *flow)
{
	struct ipv6 ip;

	if (skb_load(skb, sizeof(struct ethernet), &ip, sizeof(ip)) || ip.next != PROTOCOL_TCP)
		return 0;
	flow->version = 6;
	copy_address(flow->vip, ip.source);
	return sizeof(ip);
}

/* An answer other than 0: it is none. */
INLINE int read_syn_ack(void *skb, struct syn_ack *sent)
{
	__be16 type;
	__u32 ip, tcp_at;
	struct tcp tcp;

	if (skb_load(skb, 12, &type, sizeof(type)))
		return -1;
	if (type == htons(ETHERTYPE_IPV4))
		ip = read_sent4(skb, &sent->flow);
	else if (type == htons(ETHERTYPE_IPV6))
		ip = read_sent6(skb, &sent->flow);
	else
		return -1;
	tcp_at = sizeof(struct ethernet) + ip;
	if (!ip || skb_load(skb, tcp_at, &tcp, sizeof(tcp)) ||
	    (tcp.flags & (TCP_SYN | TCP_ACK)) != (TCP_SYN | TCP_ACK))
		return -1;
	sent->flow.protocol = PROTOCOL_TCP;
	sent->flow.vip_port = tcp.source;
	sent->headers = ip + sizeof(tcp);
	sent->options = tcp_at + sizeof(tcp);
	sent->options_end = tcp_at + (tcp.offset >> 4) * 4;
	return 0;
}

/* Where the MSS option of a SYN-ACK is; 0: there is none. */
INLINE __u32 find_mss(void *skb, const struct syn_ack *sent)
{
	__u32 at = sent->options;

	for (int i = 0; i < SEQUENCE_OF_OPTIONS; i++) {
		__u8 option[2];

		if (at + MSS_LENGTH > sent->options_end || skb_load(skb, at, option, sizeof(option)))
			return 0;
		if (option[0] == OPTION_MSS)
			return option[1] == MSS_LENGTH ? at : 0;
		if (option[0] == OPTION_END || (option[0] != OPTION_NONE && option[1] < 2))
			return 0;
		at += option[0] == OPTION_NONE ? 1 : option[1];
	}
	return 0;
}

/* The checksum is of words at even offsets: where the value is at an odd one it is left alone. */
INLINE void lower_mss(void *skb, const struct syn_ack *sent, __u32 limit)
{
	__u32 at = find_mss(skb, sent);
	__be16 old, new = htons(limit);

	if (!at || at & 1 || skb_load(skb, at + 2, &old, sizeof(old)) || ntohs(old) <= limit)
		return;
	l4_checksum_replace(skb, sent->options - sizeof(struct tcp) + 16, old, new, sizeof(old));
	skb_store(skb, at + 2, &new, sizeof(new), 0);
}

/* The longest segment to a pool; 0: there is no room for any. */
INLINE __u32 longest_segment(const struct config *config, const struct table *table,
			     const struct syn_ack *sent)
{
	__u32 taken = table->overhead + sent->headers;

	return config->mtu > taken ? config->mtu - taken : 0;
}

SECTION("tc")
int clamp_mss(void *skb)
{
	const struct classifier *classes = classifier();
	const struct config *config = configuration();
	struct syn_ack sent = {};
	struct inner inner = {};
	const struct table *table;
	struct match match;
	__u32 limit;

	if (!classes || !config || read_syn_ack(skb, &sent))
		return FILTER_GO_ON;
	inner.flow = sent.flow;
	inner.kind = INNER_TCP;
	match = classify(classes, &inner);
	table = match.pool < MAX_POOLS ? find_table(match.pool) : 0;
	limit = table ? longest_segment(config, table, &sent) : 0;
	if (limit)
		lower_mss(skb, &sent, limit);
	return FILTER_GO_ON;
}
