/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * From a destination to a bind: the most specific one, with one look-up whatever their number.
 *
 * All binds are one value, computed in Java and put live by one pointer swap. Binds of one address
 * and one port are in a hash table with open addressing. For what is not there, blocks and port
 * ranges are cut into regions of addresses, and within each into spans of ports, so that every
 * address and port lies in exactly one; two binary searches find it.
 */
#pragma once
#include "inner.h"

enum {
	SLOTS = 65536,
	MAX_PROBES = 64,
	MAX_REGIONS = 65536,
	MAX_SPANS = 262144,
	REGION_STEPS = 17, /* of a binary search */
	SPAN_STEPS = 19,
	NO_POOL = 0xffff, /* nobody's */
	SEVERAL_POOLS = 0xfffe, /* a fragment's, whose port is not known */
	MAX_BINDS = 16384,
	BIND_RECORD = 24,
	UNKNOWN_PORT = 0x1000000, /* of fragments: no port at all, not even port 0 */
};

struct slot {
	__be32 vip[4];
	__be16 port;
	__u8 protocol;
	__u8 version; /* 0: empty */
	__u16 pool;
	__u16 bind;
};

/* Addresses from here to the next region. IPv4 as IPv6 does: ::ffff:a.b.c.d. */
struct region {
	__u64 high, low;
	__u32 first_span;
	__u32 spans;
};

/* Ports from here to the next span of the region. */
struct span {
	__u32 first; /* protocol << 16 | port, and UNKNOWN_PORT */
	__u16 pool;
	__u16 bind;
};

struct classifier {
	__u64 multiplier;
	__u32 slots; /* in use */
	__u32 regions; /* in use */
	struct slot slot[SLOTS];
	struct region region[MAX_REGIONS];
	struct span span[MAX_SPANS];
	/* For whoever takes the maps over, by number; no program reads them. */
	__u8 bind[MAX_BINDS][BIND_RECORD];
};

struct {
	MAP_UINT(type, MAP_ARRAY_OF_MAPS);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	struct {
		MAP_UINT(type, MAP_ARRAY);
		MAP_UINT(max_entries, 1);
		MAP_UINT(key_size, sizeof(__u32));
		MAP_UINT(value_size, sizeof(struct classifier));
	} *values[];
} binds SECTION(".maps");

struct match {
	__u16 pool;
	__u16 bind;
};

INLINE const struct classifier *classifier(void)
{
	__u32 zero = 0;
	void *holder = map_lookup(&binds, &zero);

	return holder ? map_lookup(holder, &zero) : 0;
}

INLINE __u32 home_slot(const struct classifier *c, const struct flow *flow)
{
	__u64 key = (__u64)flow->vip[0] << 32 | (__u32)flow->vip_port << 16 | flow->protocol;

	if (flow->version == 6)
		key ^= ((__u64)flow->vip[1] << 32 | flow->vip[2]) * 0x9e3779b97f4a7c15ULL +
		       (__u64)flow->vip[3] * 0xff51afd7ed558ccdULL;
	return key * c->multiplier >> 48;
}

INLINE int is_in(const struct slot *slot, const struct flow *flow)
{
	return slot->vip[0] == flow->vip[0] && slot->port == flow->vip_port &&
	       slot->protocol == flow->protocol && slot->version == flow->version &&
	       slot->vip[1] == flow->vip[1] && slot->vip[2] == flow->vip[2] &&
	       slot->vip[3] == flow->vip[3];
}

/*
 * 1 or 0 without a branch: branches in a search make the verifier walk every way through it. The
 * borrow of a subtraction.
 */
INLINE __u64 is_less(__u64 a, __u64 b)
{
	return ((~a & b) | ((~a | b) & (a - b))) >> 63;
}

INLINE __u64 begins_after(const struct region *region, __u64 high, __u64 low)
{
	__u64 differs = region->high ^ high;
	__u64 same = (~differs & (differs - 1)) >> 63;

	return is_less(high, region->high) | (same & is_less(low, region->low));
}

/* The last of `count` regions, not none, that begins at or before an address; else the first. */
INLINE const struct region *find_region(const struct classifier *c, __u64 high, __u64 low)
{
	__u64 base = 0, count = c->regions;

	for (int i = 0; i < REGION_STEPS; i++) {
		__u64 half = count >> 1;
		const struct region *middle = &c->region[(base + half) & (MAX_REGIONS - 1)];

		base += half * (1 - begins_after(middle, high, low));
		count -= half;
	}
	return &c->region[base & (MAX_REGIONS - 1)];
}

/* The same for the spans of a region. */
INLINE const struct span *find_span(const struct classifier *c, const struct region *region,
				    __u64 key)
{
	__u64 base = region->first_span, count = region->spans;

	for (int i = 0; i < SPAN_STEPS; i++) {
		__u64 half = count >> 1;
		__u64 first = c->span[(base + half) & (MAX_SPANS - 1)].first;

		base += half * (1 - is_less(key, first));
		count -= half;
	}
	return &c->span[base & (MAX_SPANS - 1)];
}

GLOBAL __u32 search(const struct classifier *c, const struct flow *flow, __u32 key)
{
	__u64 high = 0, low;
	const struct region *region;
	const struct span *span;

	if (!c || !flow)
		return NO_POOL;
	low = 0xffff00000000ULL | ntohl(flow->vip[0]);
	if (flow->version == 6) {
		high = (__u64)ntohl(flow->vip[0]) << 32 | ntohl(flow->vip[1]);
		low = (__u64)ntohl(flow->vip[2]) << 32 | ntohl(flow->vip[3]);
		if (!high && low >> 32 == 0xffff)
			return NO_POOL; /* a mapped address on the wire is nobody's */
	}
	region = find_region(c, high, low);
	if (!region->spans || begins_after(region, high, low))
		return NO_POOL;
	span = find_span(c, region, key);
	return span->first > key ? NO_POOL : (__u32)span->bind << 16 | span->pool;
}

INLINE struct match classify(const struct classifier *c, const struct inner *inner)
{
	const struct flow *flow = &inner->flow;
	struct match match;
	__u32 home = home_slot(c, flow);
	__u32 key, found;

	for (int i = 0; i < MAX_PROBES; i++) {
		const struct slot *slot = &c->slot[(home + i) & (SLOTS - 1)];

		if (is_in(slot, flow)) {
			match.pool = slot->pool;
			match.bind = slot->bind;
			return match;
		}
		if (!slot->version)
			break;
	}
	key = (__u32)flow->protocol << 16 | ntohs(flow->vip_port);
	if (inner->kind == INNER_FRAGMENT && flow->protocol != PROTOCOL_ICMP)
		key |= UNKNOWN_PORT;
	found = c->regions ? search(c, flow, key) : NO_POOL;
	match.pool = found;
	match.bind = found >> 16;
	return match;
}
