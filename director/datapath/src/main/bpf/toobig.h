/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The answer to a packet that would not fit into the underlay with its outer headers and may not be
 * fragmented: ICMP "fragmentation needed" (RFC 792, 1191) or ICMPv6 "packet too big" (RFC 4443),
 * sent in the VIP's name, so that path MTU discovery works across the encapsulation.
 */
#pragma once
#include "transmit.h"

enum {
	QUOTED4 = 128, /* the longest IPv4 header, and more of TCP than anybody asks for */
	QUOTED6 = 1232, /* what IPv6's least MTU leaves */
	QUOTED6_PART = 616, /* the kernel sums at most so much at once on some versions */
};

struct too_big4 {
	struct ipv4 ip;
	struct icmp icmp;
} __attribute__((packed));

struct too_big6 {
	struct ipv6 ip;
	struct icmp icmp;
} __attribute__((packed));

/*
 * Cuts the frame behind what is quoted and makes room for headers between link layer and quote. A
 * frame that ends before what its header says is refused: the kernel would fill it up with zeros.
 */
INLINE int shrink_to(struct xdp_md *ctx, const struct link *link, int headers, int quoted)
{
	int frame = packet_end(ctx) - packet_data(ctx);
	int more = (int)link_length(link) + quoted - frame;

	if (more > 0 || xdp_adjust_tail(ctx, more))
		return -1;
	return xdp_adjust_head(ctx, -headers);
}

static __attribute__((noinline)) int answer_too_big4(struct xdp_md *ctx, struct link *link,
						     __u32 mtu)
{
	const struct ipv4 *old;
	struct too_big4 *answer;
	__s64 sum;

	if (shrink_to(ctx, link, sizeof(*answer), QUOTED4) || write_link(ctx, link))
		return -1;
	answer = at_offset(ctx, link_length(link), sizeof(*answer) + QUOTED4);
	if (!answer)
		return -1;
	old = (void *)(answer + 1);
	answer->ip = (struct ipv4){
		.version_ihl = 0x45,
		.length = htons(sizeof(*answer) + QUOTED4),
		.ttl = OUTER_TTL,
		.protocol = PROTOCOL_ICMP,
		.source = old->destination,
		.destination = old->source,
	};
	answer->ip.checksum = ipv4_checksum(&answer->ip);
	answer->icmp = (struct icmp){
		.type = ICMP_UNREACHABLE,
		.code = ICMP_TOO_BIG_CODE,
		.rest = htonl(mtu),
	};
	sum = checksum_difference(0, 0, &answer->icmp, sizeof(answer->icmp), 0);
	sum = checksum_difference(0, 0, old, QUOTED4, sum);
	if (sum < 0)
		return -1;
	answer->icmp.checksum = checksum_of(sum);
	return 0;
}

static __attribute__((noinline)) int answer_too_big6(struct xdp_md *ctx, struct link *link,
						     __u32 mtu)
{
	const struct ipv6 *old;
	struct too_big6 *answer;
	__u32 pseudo[2] = { htonl(sizeof(struct icmp) + QUOTED6), htonl(PROTOCOL_ICMPV6) };
	__s64 sum;

	if (shrink_to(ctx, link, sizeof(*answer), QUOTED6) || write_link(ctx, link))
		return -1;
	answer = at_offset(ctx, link_length(link), sizeof(*answer) + QUOTED6);
	if (!answer)
		return -1;
	old = (void *)(answer + 1);
	answer->ip = (struct ipv6){
		.version_class_label = htonl(0x60000000),
		.payload_length = htons(sizeof(struct icmp) + QUOTED6),
		.next = PROTOCOL_ICMPV6,
		.hop_limit = OUTER_TTL,
	};
	copy_address(answer->ip.source, old->destination);
	copy_address(answer->ip.destination, old->source);
	answer->icmp = (struct icmp){ .type = ICMPV6_TOO_BIG, .rest = htonl(mtu) };
	/* RFC 8200 §8.1: both addresses, length and protocol are in the sum. */
	sum = checksum_difference(0, 0, pseudo, sizeof(pseudo), 0);
	sum = checksum_difference(0, 0, answer->ip.source, 32, sum);
	sum = checksum_difference(0, 0, &answer->icmp, sizeof(answer->icmp), sum);
	sum = checksum_difference(0, 0, old, QUOTED6_PART, sum);
	sum = checksum_difference(0, 0, (void *)old + QUOTED6_PART, QUOTED6_PART, sum);
	if (sum < 0)
		return -1;
	answer->icmp.checksum = checksum_of(sum);
	return 0;
}

/* Sends the frame's sender the answer. An answer other than 0: the frame is broken, drop it. */
INLINE int answer_too_big(struct xdp_md *ctx, struct link *link, int version, __u32 mtu)
{
	__u64 self = link->destination;

	link->destination = link->source;
	link->source = self;
	return version == 4 ? answer_too_big4(ctx, link, mtu) : answer_too_big6(ctx, link, mtu);
}
