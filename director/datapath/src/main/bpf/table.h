/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The maps that both programs share, and the way from a packet to its row. They are pinned and
 * outlive the process that filled them: any change of a layout here is a new LAYOUT_VERSION.
 */
#pragma once
#include "inner.h"
#include "siphash.h"

enum {
	PROGRAM_DIRECTOR = 1,
	PROGRAM_REDIRECT = 2,
	LAYOUT_VERSION = 1,
	ROWS = 65536,
	MAX_POOLS = 256,
	MAX_BINDS = 16384,
	MAX_COUNTERS = 64,
	MAX_WATCHED = 1024,
	POOL_NAME_LENGTH = 64,
};

enum hash_field {
	HASH_SOURCE_ADDRESS = 1,
	HASH_DESTINATION_ADDRESS = 2,
	HASH_SOURCE_PORT = 4,
	HASH_DESTINATION_PORT = 8,
};

enum wire { WIRE_SLUICE, WIRE_GLB };

struct row {
	__be32 hop[MAX_HOPS];
	__u8 hops;
	__u8 open; /* how many of the first hops may take new flows */
	__u16 reserved;
};

/*
 * A pool at one generation. It is never changed once a packet may see it: header and rows are put
 * live together by one pointer swap in `pools`.
 */
struct table {
	__u64 key0, key1;
	__u64 generation;
	__u32 wire;
	__u32 hash_fields;
	char pool[POOL_NAME_LENGTH];
	struct row rows[ROWS];
};

struct {
	MAP_UINT(type, MAP_ARRAY_OF_MAPS);
	MAP_UINT(max_entries, MAX_POOLS);
	MAP_TYPE(key, __u32);
	struct {
		MAP_UINT(type, MAP_ARRAY);
		MAP_UINT(max_entries, 1);
		MAP_UINT(key_size, sizeof(__u32));
		MAP_UINT(value_size, sizeof(struct table));
	} *values[];
} pools SECTION(".maps");

struct bind {
	__be32 vip;
	__be16 port; /* 0 for ICMP */
	__u8 protocol;
	__u8 reserved;
};

/* To the index in `pools`. */
struct {
	MAP_UINT(type, MAP_HASH);
	MAP_UINT(map_flags, MAP_NO_PREALLOC);
	MAP_UINT(max_entries, MAX_BINDS);
	MAP_TYPE(key, struct bind);
	MAP_TYPE(value, __u32);
} binds SECTION(".maps");

enum transmit {
	TRANSMIT_GATEWAY, /* to the gateway's MAC */
	TRANSMIT_FIB, /* where the kernel's routes say */
};

struct config {
	__u32 layout; /* program << 16 | LAYOUT_VERSION */
	__u32 transmit;
	__be32 address; /* this host's on the underlay */
	__u8 gateway[6]; /* all zero: whoever sent the frame */
	__u16 watching; /* 0: no flow is watched, do not look */
};

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct config);
} config SECTION(".maps");

struct counters {
	__u64 packets[MAX_COUNTERS];
};

struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct counters);
} counters SECTION(".maps");

INLINE void count(__u32 counter)
{
	__u32 zero = 0;
	struct counters *mine = map_lookup(&counters, &zero);

	if (mine && counter < MAX_COUNTERS)
		mine->packets[counter]++;
}

INLINE const struct config *configuration(void)
{
	__u32 zero = 0;

	return map_lookup(&config, &zero);
}

INLINE const __u32 *find_pool(const struct inner *inner)
{
	struct bind bind = {
		.vip = inner->flow.vip,
		.port = inner->flow.vip_port,
		.protocol = inner->flow.protocol,
	};

	return map_lookup(&binds, &bind);
}

INLINE const struct table *find_table(const __u32 *pool)
{
	__u32 zero = 0;
	void *holder = map_lookup(&pools, pool);

	return holder ? map_lookup(holder, &zero) : 0;
}

INLINE __u64 hash_flow(const struct table *table, const struct flow *flow)
{
	struct sip_message message = {};

	if (table->hash_fields & HASH_SOURCE_ADDRESS)
		sip_append(&message, flow->client, 4);
	if (table->hash_fields & HASH_DESTINATION_ADDRESS)
		sip_append(&message, flow->vip, 4);
	if (table->hash_fields & HASH_SOURCE_PORT)
		sip_append(&message, flow->client_port, 2);
	if (table->hash_fields & HASH_DESTINATION_PORT)
		sip_append(&message, flow->vip_port, 2);
	return siphash(table->key0, table->key1, &message);
}

INLINE const struct row *find_row(const struct table *table, __u64 hash)
{
	return &table->rows[hash & (ROWS - 1)];
}
