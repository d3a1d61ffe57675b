/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The rule of a proxy host (PROTOCOL.md, rules 16 to 20), and GLB's for GLB's format. RedirectRule
 * is this file in Java.
 */
#pragma once
#include "socket.h"

/* The counters of RedirectCounter in Java, in its order. */
enum verdict {
	PASS_OTHER,
	KEPT_SYN,
	KEPT_KNOWN,
	KEPT_COOKIE,
	KEPT_STATELESS,
	KEPT_SELF,
	KEPT_LAST_RESORT,
	NEXT_HOP,
	RESCUED,
	RETURNED,
	DROP_MALFORMED,
	DROP_SOURCE,
	DROP_PROTOCOL,
	DROP_FRAGMENT,
	DROP_NO_POOL,
	DROP_NO_TABLE,
	DROP_FENCED_SYN,
	DROP_UNCONFIRMED,
	DROP_RESCUE_LIMIT,
	DROP_UNKNOWN_ERROR,
	DROP_UNKNOWN_RESET,
	DROP_LOOP,
	DROP_STRAY_LIMIT,
	DROP_NO_HEADROOM,
	DROP_NO_ROUTE,
	DROP_NO_NEIGHBOUR,
	DROP_TOO_BIG,
	SECOND_CHANCE, /* counted beside a verdict */
};

/* Until when (ktime) the table of a pool is confirmed. */
struct {
	MAP_UINT(type, MAP_ARRAY);
	MAP_UINT(max_entries, MAX_POOLS);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
} leases SECTION(".maps");

/* Everything the rule asks. */
struct question {
	const struct arrival *arrival;
	const struct table *table;
	const struct config *config;
	row_t chain; /* of the packet's row, in this host's own table */
};

INLINE int is_confirmed(const struct question *q)
{
	const __u64 *until = map_lookup(&leases, &q->arrival->pool);

	return until && ktime_ns() < *until;
}

INLINE int is_self(const struct question *q, const __be32 address[4])
{
	return q->table->version == 4 ? address[0] == q->config->address4 :
					same_address(address, q->config->address6);
}

INLINE int is_next_self(const struct question *q)
{
	return q->arrival->version == q->table->version && is_self(q, q->arrival->next_hop);
}

/* Whether the hop number `i` of this host's own chain is another host. */
INLINE int is_other(const struct question *q, __u32 i)
{
	return i < row_hops(q->chain) &&
	       !is_self(q, hop_address(q->table, q->chain, i));
}

INLINE int am_open(const struct question *q)
{
#pragma unroll
	for (__u32 i = 0; i < MAX_HOPS; i++)
		if (i < row_open(q->chain) &&
		    is_self(q, hop_address(q->table, q->chain, i)))
			return 1;
	return 0;
}

/* The chain in this host's own table without this host. */
INLINE row_t others(const struct question *q)
{
	row_t chain = 0;

#pragma unroll
	for (__u32 i = 0; i < MAX_HOPS; i++)
		if (is_other(q, i))
			chain = append_hop(chain, row_index(q->chain, i));
	return chain;
}

INLINE __u32 open_others(const struct question *q)
{
	return row_open(q->chain) - am_open(q);
}

INLINE int is_stale(const struct question *q)
{
	return q->arrival->stamp < q->table->generation;
}

/* Nobody is left to ask. To errors and resets the stack would say nothing: nothing was cut. */
INLINE enum verdict last_word(const struct question *q)
{
	if (q->arrival->inner.kind == INNER_ERROR)
		return DROP_UNKNOWN_ERROR;
	if (q->arrival->tcp_flags & TCP_RST)
		return DROP_UNKNOWN_RESET;
	if (is_syn(q->arrival))
		return DROP_FENCED_SYN;
	return is_confirmed(q) ? KEPT_LAST_RESORT : DROP_UNCONFIRMED;
}

/* Rule 19. A chain of mine alone says that no other host owns the flow. */
INLINE enum verdict rescue(const struct question *q)
{
	if (!row_hops(others(q)))
		return last_word(q);
	return q->arrival->rescues < MAX_RESCUES ? RESCUED : DROP_RESCUE_LIMIT;
}

INLINE enum verdict send_on(const struct question *q)
{
	return is_next_self(q) ? DROP_LOOP : NEXT_HOP;
}

/* Rule 17. */
INLINE enum verdict judge_syn(const struct question *q)
{
	const struct arrival *arrival = q->arrival;
	int newer_wants_me = arrival->stamp > q->table->generation && arrival->next == 0;

	if (am_open(q) || newer_wants_me)
		return KEPT_SYN;
	if (!is_last(arrival))
		return send_on(q);
	return is_stale(q) ? rescue(q) : DROP_FENCED_SYN;
}

/* Rule 18. */
INLINE enum verdict judge_unknown(const struct question *q)
{
	if (is_stale(q))
		return rescue(q);
	return is_last(q->arrival) ? last_word(q) : send_on(q);
}

/*
 * A datagram says not whether it is a flow's first. Who takes new flows keeps it at once while
 * nobody else may own older ones; else the whole chain is asked, and the last sends it back.
 */
INLINE enum verdict judge_datagram(const struct question *q)
{
	int settled = row_open(q->chain) == row_hops(q->chain);

	if (am_open(q) && (settled || is_last(q->arrival)))
		return KEPT_STATELESS;
	if (!is_last(q->arrival))
		return send_on(q);
	if (!open_others(q) || q->arrival->rescues >= MAX_RESCUES)
		return KEPT_STATELESS;
	return RETURNED;
}

INLINE enum verdict judge_sluice(const struct question *q, enum knowledge knowledge)
{
	switch (knowledge) {
	case KNOWS_FLOW:
		return KEPT_KNOWN;
	case KNOWS_COOKIE:
		return KEPT_COOKIE;
	default:
		break;
	}
	if (q->arrival->inner.kind == INNER_UDP)
		return judge_datagram(q);
	return is_syn(q->arrival) ? judge_syn(q) : judge_unknown(q);
}

/* GLB's order and GLB's notion of a SYN; no stamp, so neither fence nor rescue. */
INLINE enum verdict judge_glb(const struct question *q, enum knowledge knowledge)
{
	if (q->arrival->tcp_flags & TCP_SYN)
		return KEPT_SYN;
	if (knowledge == KNOWS_FLOW)
		return KEPT_KNOWN;
	if (knowledge == KNOWS_COOKIE)
		return KEPT_COOKIE;
	if (is_last(q->arrival))
		return KEPT_LAST_RESORT;
	return is_next_self(q) ? KEPT_SELF : NEXT_HOP;
}

/* Has no socket of a flow to ask for. GLB asks for no ICMP error but "too big", and about TCP. */
INLINE int is_stateless(const struct arrival *arrival)
{
	const struct inner *inner = &arrival->inner;

	if (inner->kind == INNER_ECHO)
		return 1;
	if (arrival->private_type != PRIVATE_GLB)
		return 0;
	return inner->flow.protocol != PROTOCOL_TCP ||
	       (inner->kind == INNER_ERROR && !inner->too_big);
}

/*
 * No socket can be asked for a fragment. Of TCP, a reassembled segment that is not this host's
 * would be reset: it is kept only where no other host is left over from an older view.
 */
INLINE enum verdict judge_fragment(const struct question *q)
{
	if (q->arrival->inner.flow.protocol != PROTOCOL_TCP)
		return KEPT_STATELESS;
	return am_open(q) && row_open(q->chain) == row_hops(q->chain) ? KEPT_STATELESS :
									DROP_FRAGMENT;
}

INLINE enum verdict judge(struct xdp_md *ctx, const struct question *q)
{
	enum knowledge knowledge;

	if (q->arrival->inner.kind == INNER_FRAGMENT)
		return judge_fragment(q);
	if (is_stateless(q->arrival))
		return KEPT_STATELESS;
	knowledge = ask_sockets(ctx, q->arrival);
	if (q->arrival->private_type == PRIVATE_GLB)
		return judge_glb(q, knowledge);
	return judge_sluice(q, knowledge);
}
