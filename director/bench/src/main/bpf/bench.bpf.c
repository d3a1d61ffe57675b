// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * What stands around a measured program: in front of it `prologueN`, which makes each frame new, and
 * behind the wire `sink`, which counts what arrives. `swap` and `wrapN` are the peers: the least
 * that a program which transmits, or one which also adds N bytes of headers, can do.
 */
#include "kernel.h"

/* How prologue fills in the frame: Ethernet, and a flow drawn at random. */
struct workload {
	__u64 ethernet0; /* bytes 0 to 7 */
	__u64 random;
	__u32 ethernet8; /* bytes 8 to 11 */
	__u16 ethernet12;
	__u16 vip; /* low two bytes of the first one, in host order */
	__u32 client; /* low four bytes of the first one, in host order */
	__u32 flows;
	__u32 vips; /* a power of two */
	__u32 reserved;
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
 * Offsets in the frame: of the low four bytes of the source address, of the low two of the
 * destination address, and of the source port.
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
	*(__u16 *)(frame + vip_at) = htons(work->vip + (flow & (work->vips - 1)));
	*(__u16 *)(frame + port_at) = htons(1024 + (flow & 0x7fff));
	tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

SECTION("xdp")
int prologue4(struct xdp_md *ctx)
{
	return generate(ctx, 14 + 12, 14 + 18, 14 + 20);
}

SECTION("xdp")
int prologue6(struct xdp_md *ctx)
{
	return generate(ctx, 14 + 20, 14 + 38, 14 + 40);
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

/* Grows the head, and writes Ethernet and N bytes of constants by words of eight bytes. */
INLINE int wrap(struct xdp_md *ctx, const int overhead)
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
	return XDP_TX;
}

#define WRAP(n)                                                                                   \
	SECTION("xdp")                                                                            \
	int wrap##n(struct xdp_md *ctx)                                                           \
	{                                                                                         \
		return wrap(ctx, n);                                                              \
	}

/* IPv4 underlay: GLB's format with two hops, ours with two and four. */
WRAP(40)
WRAP(52)
WRAP(60)
/* IPv6 underlay with two and four hops. */
WRAP(84)
WRAP(116)

char gpl[] SECTION("license") = "GPL";
