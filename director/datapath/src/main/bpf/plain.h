/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The common packet on a straight way: no tags, options or extension headers, in one piece, TCP or
 * UDP, to a bind of one address and port whose pool hashes all fields, has IPv4 hops and is in no
 * transition, and nobody looks on. Anything else is NOT_PLAIN, with nothing done or counted, and
 * goes the general way, which would do the same with these packets too: tests hold both to the model.
 *
 * What is here is about the number of instructions, half of which are the hash. Little lives across
 * the call that grows the head, so that nothing but the hash is in registers while it is computed:
 * BPF has ten, and SipHash wants six.
 */
#pragma once
#include "counter.h"
#include "transmit.h"

enum {
	NOT_PLAIN = -1,
	HASH_ALL = HASH_SOURCE_ADDRESS | HASH_DESTINATION_ADDRESS | HASH_PORTS,
	OVERHEAD_GLB = sizeof(struct ipv4) + sizeof(struct tunnel_head) + 4,
	OVERHEAD_SLUICE = OVERHEAD_GLB + sizeof(struct private_stamp),
};

/* At an offset that is a constant, of memory that was checked. */
#define WORD(at, offset, type) (*(type *)((void *)(at) + (offset)))

/* Where a plain packet goes. */
struct aim {
	const struct config *config;
	const struct table *table;
	struct match match;
};

INLINE __u32 header_length(const int version)
{
	return version == 4 ? sizeof(struct ipv4) : sizeof(struct ipv6);
}

/* Of a packet that was checked, by its header. */
INLINE __u32 packet_length(const void *ip, const int version)
{
	return version == 4 ? ntohs(WORD(ip, 2, __be16)) :
			      sizeof(struct ipv6) + ntohs(WORD(ip, 4, __be16));
}

INLINE __u8 packet_protocol(const void *ip, const int version)
{
	return version == 4 ? ((const struct ipv4 *)ip)->protocol : ((const struct ipv6 *)ip)->next;
}

/* Whether a packet of that version has nothing between its fixed header and whole ports. */
INLINE int is_plain(const void *ip, const int version)
{
	__u8 protocol = packet_protocol(ip, version);

	if (version == 4 && (WORD(ip, 0, __u8) != 0x45 ||
			     WORD(ip, 6, __be16) & htons(IPV4_FRAGMENT_BITS)))
		return 0;
	if (version == 6 && WORD(ip, 0, __u8) >> 4 != 6)
		return 0;
	return (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) &&
	       packet_length(ip, version) >= header_length(version) + sizeof(struct ports);
}

INLINE struct match find_bind(const struct classifier *c, const void *ip, const int version)
{
	__be16 port = WORD(ip, header_length(version) + 2, __be16);
	__u8 protocol = packet_protocol(ip, version);
	const __be32 *vip = ip + (version == 4 ? 16 : 24);

	if (version == 4)
		return find_slot4(c, slot_key(vip[0], port, protocol, 4));
	return find_slot6(c, slot_key(0, port, protocol, 6), pair(vip), pair(vip + 2));
}

INLINE int is_settled(const struct table *table)
{
	return table->narrow && table->version == 4 && table->hash_fields == HASH_ALL &&
	       !table->other_fields;
}

/* Whether anything but wrapping a packet and sending it back is to be done. */
INLINE int is_special(const struct config *config, __u32 outer_length)
{
	return config->watching || config->capturing || config->transmit == TRANSMIT_FIB ||
	       (config->mtu && outer_length > config->mtu) || outer_length > 0xffff;
}

/* 0: not plain. */
INLINE int find_aim(const void *ip, const int version, struct aim *aim)
{
	const struct classifier *classes = classifier();

	if (!classes)
		return 0;
	aim->match = find_bind(classes, ip, version);
	if (aim->match.pool == NO_POOL)
		return 0;
	aim->table = find_table(aim->match.pool);
	aim->config = configuration();
	return aim->table && aim->config && is_settled(aim->table) &&
	       !is_special(aim->config, packet_length(ip, version) + aim->table->overhead);
}

/* As hash_flow() does for all fields. */
INLINE __u64 hash_plain(const struct table *table, const void *ip, const int version)
{
	const __be32 *word = ip + (version == 4 ? 12 : 8);
	const int words = version == 4 ? 2 : 8;
	struct sip_state s = table->start;

#pragma unroll
	for (int i = 0; i < words; i += 2)
		sip_block(&s, pair(word + i));
	return sip_end(&s, word[words], words * 4 + 4);
}

/* Ethernet as it came, turned round or to the gateway. */
INLINE void turn_link(void *out, const void *frame, const struct config *config)
{
	__u64 first = WORD(frame, 0, __u64);
	struct link link = {
		.source = first & 0xffffffffffffULL,
		.destination = first >> 48 | (__u64)WORD(frame, 8, __u32) << 16,
	};

	if (config->transmit == TRANSMIT_GATEWAY)
		link.destination = config->gateway;
	write_macs(out, &link);
	WORD(out, 12, __be16) = htons(ETHERTYPE_IPV4);
}

/* As outer_port(), in network byte order. */
INLINE __u64 plain_port(__u64 hash, __be16 hint)
{
	return ((htons(hash) ^ hint) & htons(0x7fff)) | htons(0x8000);
}

/* The outer headers of transmit.h with two hops, both open. `out` is where they begin. */
INLINE const struct hop *write_plain(void *out, const struct aim *aim, const int version,
				     const int overhead)
{
	const struct config *config = aim->config;
	const struct table *table = aim->table;
	const void *ip = out + overhead;
	__u32 length = packet_length(ip, version);
	__be16 total = htons(length + overhead);
	__u64 hash = hash_plain(table, ip, version);
	__u32 row = table->narrow_rows[hash & (ROWS - 1)];
	const struct hop *first = &table->hops[row & 0xff];
	const int udp = overhead - sizeof(struct ipv4);
	const __u64 hlen = (udp - sizeof(struct udp) - sizeof(struct gue)) / 4;

	WORD(out, 0, __u64) = 0x45 | (__u64)total << 16 | (__u64)htons(IPV4_DONT_FRAGMENT) << 48;
	WORD(out, 8, __u64) = OUTER_TTL | PROTOCOL_UDP << 8 |
			      (__u64)checksum_of(config->sum + first->sum + total) << 16 |
			      (__u64)config->address4 << 32;
	WORD(out, 16, __u64) = first->address |
			       plain_port(hash, WORD(ip, header_length(version), __be16)) << 32 |
			       (__u64)htons(GUE_PORT) << 48;
	WORD(out, 24, __u64) = htons(length + udp) | hlen << 32 |
			       (version == 4 ? (__u64)PROTOCOL_IPIP : PROTOCOL_IPV6) << 40;
	if (overhead == OVERHEAD_GLB) {
		WORD(out, 32, __u32) = htons(PRIVATE_GLB) | 1 << 24;
	} else {
		WORD(out, 32, __u64) = htons(PRIVATE_SLUICE) | 1 << 24 | 2ULL << 32;
		WORD(out, 40, __u64) = __builtin_bswap64(table->generation);
	}
	WORD(out, overhead - 4, __be32) = table->hops[row >> 8 & 0xff].address;
	return first;
}

INLINE int wrap_plain(struct xdp_md *ctx, const struct aim *aim, const int version,
		      const int overhead)
{
	const struct hop *first;
	__u32 length;
	void *out;

	if (xdp_adjust_head(ctx, -overhead))
		return NOT_PLAIN; /* nothing has happened: the general way fails too, and counts it */
	out = packet_data(ctx);
	if (out + sizeof(struct ethernet) + overhead + header_length(version) +
		    sizeof(struct ports) > packet_end(ctx))
		return XDP_ABORTED; /* never: the packet was there before */
	turn_link(out, out + overhead, aim->config);
	out += sizeof(struct ethernet);
	first = write_plain(out, aim, version, overhead);
	length = packet_length(out + overhead, version);
	count(aim->match.pool, FORWARDED);
	add_traffic(&bind_traffic, aim->match.bind, length);
	add_traffic(&hop_traffic, first->counter, length);
	return XDP_TX;
}

INLINE int forward_version(struct xdp_md *ctx, const int version)
{
	const void *ip = packet_data(ctx) + sizeof(struct ethernet);
	struct aim aim;

	if (ip + header_length(version) + sizeof(struct ports) > packet_end(ctx) ||
	    !is_plain(ip, version) || !find_aim(ip, version, &aim))
		return NOT_PLAIN;
	return aim.table->wire == WIRE_GLB ? wrap_plain(ctx, &aim, version, OVERHEAD_GLB) :
					     wrap_plain(ctx, &aim, version, OVERHEAD_SLUICE);
}

INLINE int forward_plain(struct xdp_md *ctx)
{
	const void *frame = packet_data(ctx);

	if (frame + sizeof(struct ethernet) > packet_end(ctx))
		return NOT_PLAIN;
	if (WORD(frame, 12, __be16) == htons(ETHERTYPE_IPV4))
		return forward_version(ctx, 4);
	if (WORD(frame, 12, __be16) == htons(ETHERTYPE_IPV6))
		return forward_version(ctx, 6);
	return NOT_PLAIN;
}
