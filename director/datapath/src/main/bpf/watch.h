/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Watched flows: an operator names a flow and sees what every node does with its packets. */
#pragma once
#include "table.h"

enum watch_verdict {
	WATCH_FORWARDED,
	WATCH_KEPT,
	WATCH_SECOND_CHANCE,
	WATCH_NEXT_HOP,
	WATCH_RESCUED,
	WATCH_LAST_RESORT,
	WATCH_DROPPED,
	WATCH_VERDICTS = 8,
};

struct tally {
	__u64 packets;
	__u64 bytes; /* of clients' IP packets */
};

struct watch {
	struct tally verdict[WATCH_VERDICTS];
};

struct {
	MAP_UINT(type, MAP_HASH);
	MAP_UINT(map_flags, MAP_NO_PREALLOC);
	MAP_UINT(max_entries, MAX_WATCHED);
	MAP_TYPE(key, struct flow);
	MAP_TYPE(value, struct watch);
} watched SECTION(".maps");

INLINE void watch_flow(const struct config *config, const struct inner *inner,
		       enum watch_verdict verdict)
{
	struct watch *watch;

	if (!config->watching)
		return;
	watch = map_lookup(&watched, &inner->flow);
	if (!watch)
		return;
	__sync_fetch_and_add(&watch->verdict[verdict].packets, 1);
	__sync_fetch_and_add(&watch->verdict[verdict].bytes, inner->length);
}
