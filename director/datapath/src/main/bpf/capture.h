/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Captures: an operator sees packets with what was done to them. While nobody looks it costs the
 * test of one word of the configuration. A token bucket on every CPU bounds what it costs else.
 */
#pragma once
#include "table.h"

enum {
	CAPTURE_BYTES = 1984, /* of a frame */
	CAPTURE_RING = 1 << 20,
};

struct capture_filter {
	__be32 client[4];
	__be32 client_mask[4];
	__be32 vip[4];
	__be32 vip_mask[4];
	__u64 verdicts; /* a bit each, by number */
	__be16 client_port; /* 0: any */
	__be16 vip_port; /* 0: any */
	__u8 protocol; /* 0: any */
	__u8 version; /* 0: any */
	__u16 reserved;
	__u32 rate; /* frames a second on each CPU */
	__u32 reserved2;
	__u64 until; /* ktime at which it ends by itself: who asked may be dead */
};

struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct capture_filter);
} capture_filter SECTION(".maps");

struct capture_state {
	__u64 used_until; /* ktime up to which the bucket is used */
	__u64 missed; /* frames that matched, above the rate or without room in the ring */
};

struct {
	MAP_UINT(type, MAP_PERCPU_ARRAY);
	MAP_UINT(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct capture_state);
} capture_state SECTION(".maps");

/* What was done to a frame; frame and length are as it left the program. */
struct capture {
	__u64 ktime;
	__u64 hash; /* 0 unless it was forwarded */
	__u64 generation;
	__u32 verdict;
	__u32 pool; /* NO_POOL: none */
	__u32 bind;
	__u32 length;
	__u32 captured;
	__u32 reserved;
	__u8 frame[CAPTURE_BYTES];
};

struct {
	MAP_UINT(type, MAP_RING);
	MAP_UINT(max_entries, CAPTURE_RING);
} captures SECTION(".maps");

/* What the program knows when it is done. */
struct outcome {
	__u64 hash;
	__u64 generation;
	__u32 verdict;
	__u32 pool;
	__u32 bind;
};

INLINE int in_block(const __be32 address[4], const __be32 block[4], const __be32 mask[4])
{
	return !(((address[0] ^ block[0]) & mask[0]) | ((address[1] ^ block[1]) & mask[1]) |
		 ((address[2] ^ block[2]) & mask[2]) | ((address[3] ^ block[3]) & mask[3]));
}

INLINE int is_wanted(const struct capture_filter *filter, const struct flow *flow, __u32 verdict)
{
	return verdict < 64 && filter->verdicts >> verdict & 1 &&
	       (!filter->version || filter->version == flow->version) &&
	       (!filter->protocol || filter->protocol == flow->protocol) &&
	       (!filter->client_port || filter->client_port == flow->client_port) &&
	       (!filter->vip_port || filter->vip_port == flow->vip_port) &&
	       in_block(flow->client, filter->client, filter->client_mask) &&
	       in_block(flow->vip, filter->vip, filter->vip_mask);
}

/* Leaky bucket (GCRA) with a burst of one second. */
INLINE int has_token(struct capture_state *state, __u32 rate, __u64 now)
{
	__u64 second = 1000000000, start = state->used_until;

	if (!rate)
		return 0;
	if (start < now - second)
		start = now - second;
	start += second / rate;
	if (start > now)
		return 0;
	state->used_until = start;
	return 1;
}

INLINE int put_capture(struct xdp_md *ctx, const struct outcome *outcome, __u64 now)
{
	struct capture *capture = ring_reserve(&captures, sizeof(*capture), 0);
	__u64 length = packet_end(ctx) - packet_data(ctx);
	__u64 captured = length < CAPTURE_BYTES ? length : CAPTURE_BYTES;

	if (!capture)
		return 0;
	capture->ktime = now;
	capture->hash = outcome->hash;
	capture->generation = outcome->generation;
	capture->verdict = outcome->verdict;
	capture->pool = outcome->pool;
	capture->bind = outcome->bind;
	capture->length = length;
	capture->captured = captured;
	capture->reserved = 0;
	/* The verifier follows two plain comparisons, and not the one that a compiler makes of them. */
	OPAQUE(captured);
	if (captured > CAPTURE_BYTES)
		goto discard;
	OPAQUE(captured);
	if (captured == 0 || xdp_load_bytes(ctx, 0, capture->frame, captured))
		goto discard;
	ring_submit(capture, 0);
	return 1;
discard:
	ring_discard(capture, 0);
	return 0;
}

/* Out of the way of the packets that nobody looks at. */
GLOBAL int capture_frame(struct xdp_md *ctx, const struct flow *flow, const struct outcome *outcome)
{
	__u32 zero = 0;
	const struct capture_filter *filter = map_lookup(&capture_filter, &zero);
	struct capture_state *state = map_lookup(&capture_state, &zero);
	struct config *settings = map_lookup(&config, &zero);
	__u64 now = ktime_ns();

	if (!flow || !outcome || !filter || !state || !settings)
		return 0;
	if (now > filter->until) {
		settings->capturing = 0;
		return 0;
	}
	if (!is_wanted(filter, flow, outcome->verdict))
		return 0;
	if (!has_token(state, filter->rate, now) || !put_capture(ctx, outcome, now))
		state->missed++;
	return 0;
}
