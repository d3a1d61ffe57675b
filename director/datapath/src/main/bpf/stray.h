/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A bound on what one client can make proxy hosts send each other: whoever floods a VIP with packets
 * that nobody knows would otherwise have each of them forwarded up to three times.
 */
#pragma once
#include "arrival.h"

enum { MAX_STRAY_CLIENTS = 16384 };

struct stray_client {
	__be32 address[4]; /* of IPv6 the first 64 bits: a client has them all */
};

/* The time (ktime) up to which a client has used what it may. */
struct {
	MAP_UINT(type, MAP_LRU_HASH);
	MAP_UINT(max_entries, MAX_STRAY_CLIENTS);
	MAP_TYPE(key, struct stray_client);
	MAP_TYPE(value, __u64);
} strays SECTION(".maps");

static const __u64 SECOND_NS = 1000000000;

/* Leaky bucket (GCRA) with a burst of one second. Two CPUs may each let one packet too many by. */
GLOBAL int is_within_limit(__u32 rate, const struct flow *flow)
{
	struct stray_client client = {};
	__u64 now = ktime_ns(), start, *used;

	if (!flow || !rate)
		return 1;
	client.address[0] = flow->client[0];
	client.address[1] = flow->client[1];
	used = map_lookup(&strays, &client);
	if (!used) {
		start = now - SECOND_NS;
		map_update(&strays, &client, &start, 0);
		return 1;
	}
	start = *used < now - SECOND_NS ? now - SECOND_NS : *used;
	start += SECOND_NS / rate;
	if (start > now)
		return 0;
	*used = start;
	return 1;
}

INLINE int may_send_on(const struct config *config, const struct arrival *arrival)
{
	return !config->stray_rate || is_within_limit(config->stray_rate, &arrival->inner.flow);
}
