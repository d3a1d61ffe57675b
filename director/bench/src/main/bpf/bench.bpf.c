// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * What stands around a measured program: in front of it `prologueN`, which makes each frame new, and
 * behind the wire `sink`, which counts what arrives. The peers: `swap` transmits, `wrapN` also adds N
 * bytes of constant headers, and `lookupF_N` also hashes the flow of IPvF and reads its row: the least
 * that any director with this hash and this many rows can do.
 */
#include "siphash.h"

/* How prologue fills in the frame: Ethernet, and a flow drawn at random. */
struct workload {
	__u64 ethernet0; /* bytes 0 to 7 */
	__u64 random;
	__u32 ethernet8; /* bytes 8 to 11 */
	__u16 ethernet12;
	__u16 vips; /* a power of two */
	__u32 client; /* low four bytes of the first one, in host order */
	__u32 flows;
	__u32 vip; /* low four bytes of the first one, in host order */
	__u32 port; /* of the VIP */
};

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct workload);
} workload SECTION(".maps");

struct {
	MAP_UINT(type, MAP_PROGRAM_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_UINT(key_size, sizeof(__u32));
	MAP_UINT(value_size, sizeof(__u32));
} measured SECTION(".maps");

struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
} arrived SECTION(".maps");

/*
 * Offsets in the frame: of the low four bytes of source and destination address, and of the source
 * port. Fields are written whole: a read of bytes that two writes on their way to the cache hold
 * would wait for both, which no frame from a network card does.
 */
INLINE int generate(struct xdp_md *ctx, const int client_at, const int vip_at, const int port_at)
{
	__u32 zero = 0;
	struct workload *work = map_lookup(&workload, &zero);
	void *frame = packet_data(ctx);
	__u32 flow;

	if (!work || frame + port_at + 4 > packet_end(ctx))
		return XDP_ABORTED;
	work->random = work->random * 6364136223846793005ULL + 1442695040888963407ULL;
	flow = (work->random >> 32) * work->flows >> 32;
	*(__u64 *)frame = work->ethernet0;
	*(__u32 *)(frame + 8) = work->ethernet8;
	*(__u16 *)(frame + 12) = work->ethernet12;
	*(__u32 *)(frame + client_at) = htonl(work->client + flow);
	*(__u32 *)(frame + vip_at) = htonl(work->vip + (flow & (work->vips - 1)));
	*(__u32 *)(frame + port_at) = htonl((1024 + (flow & 0x7fff)) << 16 | work->port);
	tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

SECTION("xdp")
int prologue4(struct xdp_md *ctx)
{
	return generate(ctx, 14 + 12, 14 + 16, 14 + 20);
}

SECTION("xdp")
int prologue6(struct xdp_md *ctx)
{
	return generate(ctx, 14 + 20, 14 + 36, 14 + 40);
}

SECTION("xdp")
int sink(struct xdp_md *ctx)
{
	__u32 zero = 0;
	__u64 *count = map_lookup(&arrived, &zero);

	(void)ctx;
	if (count)
		++*count;
	return XDP_DROP;
}

INLINE void swap_macs(__u16 *frame, const __u16 *old)
{
	__u16 destination[3] = { old[0], old[1], old[2] };

	frame[0] = old[3];
	frame[1] = old[4];
	frame[2] = old[5];
	frame[3] = destination[0];
	frame[4] = destination[1];
	frame[5] = destination[2];
}

SECTION("xdp")
int swap(struct xdp_md *ctx)
{
	__u16 *frame = packet_data(ctx);

	if ((void *)frame + 14 > packet_end(ctx))
		return XDP_ABORTED;
	swap_macs(frame, frame);
	return XDP_TX;
}

enum { TABLES = 16 };

/* As many and as large as a director's while no transition is open; a table for each pool. */
struct row_tables {
	__u32 used; /* a power of two, at most TABLES */
	__u32 reserved;
	__u16 rows[TABLES][65536];
};

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct row_tables);
} row_tables SECTION(".maps");

/* The row of the flow of a TCP packet without tags and options, in the table of its VIP. */
INLINE __u32 look_up(const struct xdp_md *ctx, const int version)
{
	const int addresses = version == 4 ? 14 + 12 : 14 + 8;
	const int words = version == 4 ? 2 : 8;
	__u32 zero = 0;
	const struct row_tables *tables = map_lookup(&row_tables, &zero);
	const __u32 *word = packet_data(ctx) + addresses;
	struct sip_state s = { 1, 2, 3, 4 };
	__u32 table;

	if (!tables || (void *)(word + words + 1) > packet_end(ctx))
		return 0;
#pragma unroll
	for (int i = 0; i < words; i += 2)
		sip_block(&s, word[i] | (__u64)word[i + 1] << 32);
	table = ntohl(word[words - 1]) & (tables->used - 1) & (TABLES - 1);
	return tables->rows[table][sip_end(&s, word[words], words * 4 + 4) & 0xffff];
}

/* Grows the head, and writes Ethernet and N bytes, constant but for `row`, by words of eight bytes. */
INLINE int wrap(struct xdp_md *ctx, const int overhead, __u32 row)
{
	__u64 *word;

	if (xdp_adjust_head(ctx, -overhead))
		return XDP_ABORTED;
	word = packet_data(ctx);
	if ((void *)word + 14 + overhead > packet_end(ctx))
		return XDP_ABORTED;
	word[0] = 0x0002010000000002ULL;
	*(__u32 *)&word[1] = 0x02000000;
	*(__u16 *)((void *)word + 12) = 0x0008;
	word = (void *)word + 14;
#pragma unroll
	for (int i = 0; i < overhead / 8; i++)
		word[i] = 0x1122334455667788ULL * (i + 1);
	if (overhead % 8)
		*(__u32 *)&word[overhead / 8] = 0x01020304;
	word[2] ^= row;
	return XDP_TX;
}

#define WRAP(n)                                                                                   \
	SECTION("xdp")                                                                            \
	int wrap##n(struct xdp_md *ctx)                                                           \
	{                                                                                         \
		return wrap(ctx, n, 0);                                                           \
	}                                                                                         \
	SECTION("xdp")                                                                            \
	int lookup4_##n(struct xdp_md *ctx)                                                       \
	{                                                                                         \
		return wrap(ctx, n, look_up(ctx, 4));                                             \
	}                                                                                         \
	SECTION("xdp")                                                                            \
	int lookup6_##n(struct xdp_md *ctx)                                                       \
	{                                                                                         \
		return wrap(ctx, n, look_up(ctx, 6));                                             \
	}

/* IPv4 underlay: GLB's format with two hops, ours with two and four. */
WRAP(40)
WRAP(52)
WRAP(60)
/* IPv6 underlay with two and four hops. */
WRAP(84)
WRAP(116)

char gpl[] SECTION("license") = "GPL";
