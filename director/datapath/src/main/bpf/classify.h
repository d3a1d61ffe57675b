/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * From a destination to a bind: the most specific one, with one look-up whatever their number.
 *
 * All binds are one value, computed in Java and put live by one pointer swap. Binds of one address
 * and one port are found by a perfect hash. For what is not there, blocks and port
 * ranges are cut into regions of addresses, and within each into spans of ports, so that every
 * address and port lies in exactly one; two binary searches find it.
 */
#pragma once
#include "inner.h"

enum {
	SLOTS = 17410, /* for MAX_BINDS, and one in sixteen to spare */
	BUCKETS = 4098, /* four binds each */
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

/* A bind of one address and one port. */
struct slot4 {
	__u64 key;
	__u16 pool;
	__u16 bind;
	__u32 reserved;
};

struct slot6 {
	__u64 key;
	__u64 high, low; /* of the address, as it lies in a packet */
	__u16 pool;
	__u16 bind;
	__u32 reserved;
};

/*
 * A perfect hash: the hash of a key tells a bucket, and the bucket's multiplier the one slot in which
 * the key can be. Nothing is probed, so nothing is mispredicted, and slots can be few.
 */
struct hash {
	__u64 multiplier;
	__u32 buckets; /* in use */
	__u32 slots; /* in use */
	__u32 bucket[BUCKETS];
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
	struct hash hash4;
	struct hash hash6;
	__u64 regions; /* in use */
	struct slot4 slot4[SLOTS];
	struct slot6 slot6[SLOTS];
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

INLINE __u64 slot_key(__be32 vip, __be16 port, __u8 protocol, __u8 version)
{
	return vip | (__u64)port << 32 | (__u64)protocol << 48 | (__u64)version << 56;
}

/* Maps 32 bits of a hash to 0 … bound - 1. */
INLINE __u64 spread(__u64 hashed, __u32 bound)
{
	__u64 number = (hashed >> 32) * bound >> 32;

	OPAQUE(number); /* what is compared below is what is used */
	return number;
}

/* Always below SLOTS. */
INLINE __u64 slot_number(const struct hash *hash, __u64 key)
{
	__u64 hashed = key * hash->multiplier;
	__u64 bucket = spread(hashed, hash->buckets);
	__u64 slot;

	if (bucket >= BUCKETS)
		return 0;
	slot = spread(hashed * hash->bucket[bucket], hash->slots);
	return slot < SLOTS ? slot : 0;
}

/* NO_POOL: a bind of this address and port there is none. */
INLINE struct match find_slot4(const struct classifier *c, __u64 key)
{
	const struct slot4 *slot = &c->slot4[slot_number(&c->hash4, key)];

	if (slot->key != key)
		return (struct match){ NO_POOL, 0 };
	return (struct match){ slot->pool, slot->bind };
}

INLINE struct match find_slot6(const struct classifier *c, __u64 key, __u64 high, __u64 low)
{
	__u64 mixed = key ^ high * 0x9e3779b97f4a7c15ULL ^ low * 0xff51afd7ed558ccdULL;
	const struct slot6 *slot = &c->slot6[slot_number(&c->hash6, mixed)];

	if (slot->key != key || slot->high != high || slot->low != low)
		return (struct match){ NO_POOL, 0 };
	return (struct match){ slot->pool, slot->bind };
}

INLINE __u64 pair(const __be32 *word)
{
	return word[0] | (__u64)word[1] << 32;
}

INLINE struct match find_exact(const struct classifier *c, const struct flow *flow)
{
	if (flow->version == 4)
		return find_slot4(c, slot_key(flow->vip[0], flow->vip_port, flow->protocol, 4));
	return find_slot6(c, slot_key(0, flow->vip_port, flow->protocol, 6), pair(flow->vip),
			  pair(flow->vip + 2));
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
	struct match match = find_exact(c, flow);
	__u32 key, found;

	if (match.pool != NO_POOL)
		return match;
	key = (__u32)flow->protocol << 16 | ntohs(flow->vip_port);
	if (inner->kind == INNER_FRAGMENT && flow->protocol != PROTOCOL_ICMP)
		key |= UNKNOWN_PORT;
	found = c->regions ? search(c, flow, key) : NO_POOL;
	match.pool = found;
	match.bind = found >> 16;
	return match;
}
