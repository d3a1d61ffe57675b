/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The common packet on a straight way: no tags, options or extension headers, in one piece, TCP or
 * UDP, to a bind of one address and port whose pool hashes all fields and has IPv4 hops, and nobody
 * looks on. Anything else is NOT_PLAIN, with nothing done or counted, and
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
	NOT_NARROW = -2,
	FIRST_POOL = 0,
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

/* Whether anything but wrapping a packet and sending it back is to be done. */
INLINE int is_special(const struct config *config, __u32 outer_length)
{
	/* Without a limit mtu - 1 is more than any length. */
	return config->watching | config->capturing || config->transmit == TRANSMIT_FIB ||
	       outer_length - 1 > config->mtu - 1 || outer_length > 0xffff;
}

/*
 * The table of a pool. Most directors have one pool: a branch that is predicted says which table it
 * is before the bind is known, and the hash need not wait for reads of binds that miss the caches.
 */
INLINE const struct table *find_likely_table(__u32 pool)
{
	return pool == FIRST_POOL ? find_table(FIRST_POOL) : find_table(pool);
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
	aim->table = find_likely_table(aim->match.pool);
	aim->config = configuration();
	return aim->table && aim->config && aim->table->plain &&
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

/* What of a frame is wanted after its head has grown. */
struct kept {
	__u64 macs[2];
	__u32 length;
	__be16 port;
};

INLINE struct kept keep(const void *frame, const int version)
{
	const void *ip = frame + sizeof(struct ethernet);
	struct kept kept = {
		.macs = { WORD(frame, 0, __u64), WORD(frame, 8, __u32) },
		.length = packet_length(ip, version),
		.port = WORD(ip, header_length(version), __be16),
	};

	return kept;
}

/* Ethernet as it came, turned round or to the gateway. */
INLINE void write_turned(void *out, const struct kept *kept, const struct config *config)
{
	struct link link = {
		.source = kept->macs[0] & 0xffffffffffffULL,
		.destination = kept->macs[0] >> 48 | kept->macs[1] << 16,
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

/* The chain without its first hop. */
INLINE void write_list(void *list, const struct table *table, row_t row)
{
#pragma unroll
	for (__u32 i = 1; i < MAX_HOPS; i++)
		if (i < row_hops(row))
			WORD(list, (i - 1) * 4, __be32) = row_hop(table, row, i)->address;
}

/* The outer headers of transmit.h. `out` is where they begin, `overhead` how long they are. */
INLINE void write_plain(void *out, const struct aim *aim, const int version, const int is_glb,
			__u32 overhead, const struct kept *kept, __u64 hash, row_t row)
{
	const struct config *config = aim->config;
	const struct hop *first = row_hop(aim->table, row, 0);
	__be16 total = htons(kept->length + overhead);
	__u32 udp = overhead - sizeof(struct ipv4);
	__u64 hlen = (udp - sizeof(struct udp) - sizeof(struct gue)) / 4;
	__u64 private = (row_hops(row) - 1) << 24 | htons(is_glb ? PRIVATE_GLB : PRIVATE_SLUICE);

	WORD(out, 0, __u64) = 0x45 | (__u64)total << 16 | (__u64)htons(IPV4_DONT_FRAGMENT) << 48;
	WORD(out, 8, __u64) = OUTER_TTL | PROTOCOL_UDP << 8 |
			      (__u64)checksum_of(config->sum + first->sum + total) << 16 |
			      (__u64)config->address4 << 32;
	WORD(out, 16, __u64) = first->address | plain_port(hash, kept->port) << 32 |
			       (__u64)htons(GUE_PORT) << 48;
	WORD(out, 24, __u64) = htons(kept->length + udp) | hlen << 32 |
			       (version == 4 ? (__u64)PROTOCOL_IPIP : PROTOCOL_IPV6) << 40;
	if (is_glb) {
		WORD(out, 32, __u32) = private;
		write_list(out + OVERHEAD_GLB - 4, aim->table, row);
	} else {
		WORD(out, 32, __u64) = private | (__u64)row_open(row) << 32;
		WORD(out, 40, __u64) = __builtin_bswap64(aim->table->generation);
		write_list(out + OVERHEAD_SLUICE - 4, aim->table, row);
	}
	count(aim->match.pool, FORWARDED);
	add_traffic(&bind_traffic, aim->match.bind, kept->length);
	add_traffic(&hop_traffic, first->counter, kept->length);
}

/*
 * Two hops, both open: how long the headers are is known before the row is. A row that is not so is
 * NOT_NARROW, and the frame is as it was: nothing has been written but its head room.
 */
INLINE int wrap_narrow(struct xdp_md *ctx, const struct aim *aim, const int version,
		       const int is_glb)
{
	const int overhead = is_glb ? OVERHEAD_GLB : OVERHEAD_SLUICE;
	const int head = sizeof(struct ethernet) + overhead;
	struct kept kept;
	__u64 hash;
	__u32 both;
	void *out;

	if (xdp_adjust_head(ctx, -overhead))
		return NOT_PLAIN; /* nothing has happened: the general way fails too, and counts it */
	out = packet_data(ctx);
	if (out + head + header_length(version) + sizeof(struct ports) > packet_end(ctx))
		return XDP_ABORTED; /* never: the packet was there before */
	kept = keep(out + overhead, version);
	write_turned(out, &kept, aim->config);
	hash = hash_plain(aim->table, out + head, version);
	both = narrow_hops(aim->table, hash);
	if (!both)
		return xdp_adjust_head(ctx, overhead) ? XDP_ABORTED : NOT_NARROW;
	write_plain(out + sizeof(struct ethernet), aim, version, is_glb, overhead, &kept, hash,
		    row_of_two(both));
	return XDP_TX;
}

/* Of a chain that a transition has made longer, say. */
INLINE int wrap_wide(struct xdp_md *ctx, const struct aim *aim, const int version, const int is_glb)
{
	const void *frame = packet_data(ctx);
	const void *ip = frame + sizeof(struct ethernet);
	struct kept kept;
	__u64 hash;
	__u32 hops, overhead;
	row_t row;
	void *out;

	if (ip + header_length(version) + sizeof(struct ports) > packet_end(ctx))
		return XDP_ABORTED; /* never */
	kept = keep(frame, version);
	hash = hash_plain(aim->table, ip, version);
	row = aim->table->rows[hash & (ROWS - 1)];
	hops = row_hops(row);
	overhead = (is_glb ? OVERHEAD_GLB : OVERHEAD_SLUICE) + hops * 4 - 8;

	if (hops == 0 || hops > MAX_HOPS || xdp_adjust_head(ctx, -(int)overhead))
		return NOT_PLAIN;
	out = packet_data(ctx);
	/* No further than the shortest packet reaches behind the shortest headers. */
	if (out + sizeof(struct ethernet) + OVERHEAD_SLUICE + (MAX_HOPS - 2) * 4 > packet_end(ctx))
		return XDP_ABORTED;
	write_turned(out, &kept, aim->config);
	write_plain(out + sizeof(struct ethernet), aim, version, is_glb, overhead, &kept, hash, row);
	return XDP_TX;
}

INLINE int wrap(struct xdp_md *ctx, const struct aim *aim, const int version, const int is_glb)
{
	int action = aim->table->narrow ? wrap_narrow(ctx, aim, version, is_glb) : NOT_NARROW;

	return action == NOT_NARROW ? wrap_wide(ctx, aim, version, is_glb) : action;
}

INLINE int forward_version(struct xdp_md *ctx, const int version)
{
	const void *frame = packet_data(ctx);
	const void *ip = frame + sizeof(struct ethernet);
	struct aim aim;

	if (ip + header_length(version) + sizeof(struct ports) > packet_end(ctx) ||
	    !is_plain(ip, version) || !find_aim(ip, version, &aim))
		return NOT_PLAIN;
	return aim.table->wire == WIRE_GLB ? wrap(ctx, &aim, version, 1) :
					     wrap(ctx, &aim, version, 0);
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
