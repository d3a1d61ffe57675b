/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The maps that both programs share, and the way from a packet to its row. They are pinned and
 * outlive the process that filled them: any change of a layout here is a new LAYOUT_VERSION.
 */
#pragma once
#include "classify.h"
#include "siphash.h"

enum {
	PROGRAM_DIRECTOR = 1,
	PROGRAM_REDIRECT = 2,
	LAYOUT_VERSION = 6,
	ROWS = 65536,
	MAX_POOLS = 256,
	MAX_PROXIES = 4096,
	MAX_COUNTERS = 64,
	MAX_HOP_COUNTERS = 8192,
	MAX_WATCHED = 1024,
	POOL_NAME_LENGTH = 64,
};

enum hash_field {
	HASH_SOURCE_ADDRESS = 1,
	HASH_DESTINATION_ADDRESS = 2,
	HASH_SOURCE_PORT = 4,
	HASH_DESTINATION_PORT = 8,
	HASH_PORTS = HASH_SOURCE_PORT | HASH_DESTINATION_PORT,
};

enum wire { WIRE_SLUICE, WIRE_GLB };

/* What an IPv4 header needs of a hop, in one word. */
struct hop {
	__be32 address; /* of an IPv6 hop 0, and the address is in `addresses6` */
	__u16 sum; /* of the address's 16-bit words, folded */
	__u16 counter; /* in hop_traffic */
};

/*
 * A row is one word: sixteen bits a hop, of which twelve are an index into `hops`. The upper four of
 * the first say how many hops there are, of the second how many of the first may take new flows.
 */
typedef __u64 row_t;

/*
 * A pool at one generation. It is never changed once a packet may see it: header and rows are put
 * live together by one pointer swap in `pools`.
 *
 * Packets meet rows at random, and what of them is in the cache decides what a packet costs. Outside
 * of transitions a row has two hops and both are open: two numbers of four bits in a pool of up to 16
 * proxies, of eight bits in one of up to 256. Any other row is none of these, and is in `rows`.
 */
struct table {
	struct sip_state start; /* of the hash: the pool's key, and what comes ahead of any word */
	__u64 generation;
	__u8 wire;
	__u8 hash_fields;
	__u8 other_fields; /* while hash fields are changed: the old or the next ones; else 0 */
	__u8 version; /* of IP on the underlay */
	__u32 narrow; /* bytes of a row in `narrow_rows`: 1 or 2; 0: none is there */
	__u32 overhead; /* of the longest headers that its packets may get */
	__u32 plain; /* 1: IPv4 hops, and all fields hashed, as plain.h wants it */
	char pool[POOL_NAME_LENGTH];
	struct hop hops[MAX_PROXIES];
	__be32 addresses6[MAX_PROXIES][4];
	__u16 narrow_rows[ROWS]; /* the first hop in the low bits; 0, one hop twice: in `rows` */
	row_t rows[ROWS];
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

enum transmit {
	TRANSMIT_SENDER, /* to whoever sent the frame */
	TRANSMIT_FIB, /* where the kernel's routes say */
	TRANSMIT_GATEWAY, /* to the gateway's MAC */
};

struct config {
	__u32 layout; /* program << 16 | LAYOUT_VERSION */
	__u32 transmit;
	__be32 address4; /* this host's on the underlay; 0: none */
	__be32 address6[4];
	__u32 sum; /* of the 16-bit words of an outer IPv4 header that never change */
	__u64 gateway; /* MAC in the low 48 bits */
	__u32 mtu; /* of the underlay; 0: no limit */
	__u32 stray_rate; /* redirect: unknown packets a second that a client may have passed on */
	__u64 filtering_until; /* redirect (ktime): only `peers` may send until then */
	__u32 watching; /* 0: no flow is watched, do not look */
	__u32 capturing; /* 0: nobody captures, do not look */
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

/* By pool, and behind them those of packets that belong to none. */
struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, MAX_POOLS + 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct counters);
} counters SECTION(".maps");

struct traffic {
	__u64 packets;
	__u64 bytes; /* of clients' IP packets */
};

/* By bind. */
struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, MAX_BINDS);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct traffic);
} bind_traffic SECTION(".maps");

/* By hop's counter. */
struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, MAX_HOP_COUNTERS);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct traffic);
} hop_traffic SECTION(".maps");

/* Of a packet's pool; of one without, `pool` is MAX_POOLS. */
INLINE void count(__u32 pool, __u32 counter)
{
	struct counters *mine = map_lookup(&counters, &pool);

	if (mine && counter < MAX_COUNTERS)
		mine->packets[counter]++;
}

INLINE void add_traffic(void *map, __u32 index, __u32 bytes)
{
	struct traffic *traffic = map_lookup(map, &index);

	if (!traffic)
		return;
	traffic->packets++;
	traffic->bytes += bytes;
}

INLINE const struct config *configuration(void)
{
	__u32 zero = 0;

	return map_lookup(&config, &zero);
}

INLINE const struct table *find_table(__u32 pool)
{
	__u32 zero = 0;
	void *holder = map_lookup(&pools, &pool);

	return holder ? map_lookup(holder, &zero) : 0;
}

/* Ports in a row: at most four bytes. */
INLINE __u64 hashed_ports(__u32 fields, const struct flow *flow, __u32 *length)
{
	__u64 ports = 0;

	if (fields & HASH_SOURCE_PORT) {
		ports = flow->client_port;
		*length += 2;
	}
	if (fields & HASH_DESTINATION_PORT) {
		ports |= (__u64)flow->vip_port << (fields & HASH_SOURCE_PORT ? 16 : 0);
		*length += 2;
	}
	return ports;
}

/* At most twelve bytes. */
INLINE __u64 hash_flow4(struct sip_state *s, __u32 fields, const struct flow *flow)
{
	__u32 length = 0, ports_length = 0;
	__u64 ports = hashed_ports(fields, flow, &ports_length);
	__u64 addresses = 0;

	if (fields & HASH_SOURCE_ADDRESS) {
		addresses = flow->client[0];
		length = 4;
	}
	if (fields & HASH_DESTINATION_ADDRESS) {
		addresses |= (__u64)flow->vip[0] << (length * 8);
		length += 4;
	}
	if (length == 8) {
		sip_block(s, addresses);
		return sip_end(s, ports, 8 + ports_length);
	}
	addresses |= ports << (length * 8);
	if (length + ports_length == 8) {
		sip_block(s, addresses);
		return sip_end(s, 0, 8);
	}
	return sip_end(s, addresses, length + ports_length);
}

INLINE __u64 hash_flow6(struct sip_state *s, __u32 fields, const struct flow *flow)
{
	__u32 length = 0;

	if (fields & HASH_SOURCE_ADDRESS) {
		sip_block(s, pair(flow->client));
		sip_block(s, pair(flow->client + 2));
		length += 16;
	}
	if (fields & HASH_DESTINATION_ADDRESS) {
		sip_block(s, pair(flow->vip));
		sip_block(s, pair(flow->vip + 2));
		length += 16;
	}
	__u64 ports = hashed_ports(fields, flow, &length);

	return sip_end(s, ports, length);
}

INLINE __u64 hash_flow(const struct table *table, __u32 fields, const struct flow *flow)
{
	struct sip_state s = table->start;

	return flow->version == 4 ? hash_flow4(&s, fields, flow) : hash_flow6(&s, fields, flow);
}

INLINE __u32 row_hops(row_t row)
{
	return row >> 12 & 15;
}

/* Of a table that has narrow rows: eight bits a hop; 0: this row is not one of them. */
INLINE __u32 narrow_hops(const struct table *table, __u64 hash)
{
	const __u8 *bytes = (const void *)table->narrow_rows;
	__u32 both;

	if (table->narrow == 2)
		return table->narrow_rows[hash & (ROWS - 1)];
	both = bytes[hash & (ROWS - 1)];
	return (both & 0xf) | (both & 0xf0) << 4;
}

/* Both are open. */
INLINE row_t row_of_two(row_t both)
{
	return (both & 0xff) | 2 << 12 | both >> 8 << 16 | 2 << 28;
}

INLINE row_t find_row(const struct table *table, __u64 hash)
{
	__u32 both = table->narrow ? narrow_hops(table, hash) : 0;

	return both ? row_of_two(both) : table->rows[hash & (ROWS - 1)];
}

INLINE __u32 row_open(row_t row)
{
	return row >> 28 & 15;
}

INLINE __u32 row_index(row_t row, __u32 at)
{
	return row >> (at * 16) & (MAX_PROXIES - 1);
}

INLINE const struct hop *row_hop(const struct table *table, row_t row, __u32 at)
{
	return &table->hops[row_index(row, at)];
}

/* Of IPv4 one word. */
INLINE const __be32 *hop_address(const struct table *table, row_t row, __u32 at)
{
	return table->version == 4 ? &row_hop(table, row, at)->address :
				     table->addresses6[row_index(row, at)];
}

INLINE row_t append_hop(row_t row, __u64 index)
{
	return (row | index << row_hops(row) * 16) + (1 << 12);
}

INLINE int has_hop(row_t row, __u32 index)
{
#pragma unroll
	for (__u32 i = 0; i < MAX_HOPS; i++)
		if (i < row_hops(row) && row_index(row, i) == index)
			return 1;
	return 0;
}

/*
 * While hash fields are changed: puts the row by the other ones behind, as far as there is room.
 * GLB repeats hops; in our format nobody is asked twice.
 */
GLOBAL row_t append_other(const struct table *table, const struct flow *flow, row_t row)
{
	row_t other;

	if (!table || !flow)
		return row;
	other = find_row(table, hash_flow(table, table->other_fields, flow));
#pragma unroll
	for (__u32 i = 0; i < MAX_HOPS; i++) {
		__u32 index = row_index(other, i);

		if (i < row_hops(other) && row_hops(row) < MAX_HOPS &&
		    (table->wire == WIRE_GLB || !has_hop(row, index)))
			row = append_hop(row, index);
	}
	return row;
}

/* The chain of a flow, in the form of a row. */
INLINE row_t find_chain(const struct table *table, const struct flow *flow, __u64 hash)
{
	row_t row = find_row(table, hash);

	return table->other_fields ? append_other(table, flow, row) : row;
}
