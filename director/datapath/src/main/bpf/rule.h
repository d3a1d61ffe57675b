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
	DROP_MALFORMED,
	DROP_IPV6,
	DROP_PROTOCOL,
	DROP_FRAGMENT,
	DROP_NO_POOL,
	DROP_NO_TABLE,
	DROP_FENCED_SYN,
	DROP_UNCONFIRMED,
	DROP_RESCUE_LIMIT,
	DROP_UNKNOWN_ERROR,
	DROP_LOOP,
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
	const struct row *row;
	__be32 self;
	__u32 pool;
};

INLINE int is_confirmed(const struct question *q)
{
	const __u64 *until = map_lookup(&leases, &q->pool);

	return until && ktime_ns() < *until;
}

INLINE int am_open(const struct question *q)
{
#pragma unroll
	for (int i = 0; i < MAX_HOPS; i++)
		if (i < q->row->open && q->row->hop[i] == q->self)
			return 1;
	return 0;
}

/* Whether the chain in this host's own table names anybody else. */
INLINE int has_others(const struct question *q)
{
#pragma unroll
	for (int i = 0; i < MAX_HOPS; i++)
		if (i < q->row->hops && q->row->hop[i] != q->self)
			return 1;
	return 0;
}

INLINE int is_stale(const struct question *q)
{
	return q->arrival->stamp < q->table->generation;
}

/* Nobody is left to ask. */
INLINE enum verdict last_word(const struct question *q)
{
	if (q->arrival->inner.kind == INNER_ERROR)
		return DROP_UNKNOWN_ERROR; /* the stack would say nothing, nothing was cut */
	if (is_syn(q->arrival))
		return DROP_FENCED_SYN;
	return is_confirmed(q) ? KEPT_LAST_RESORT : DROP_UNCONFIRMED;
}

/* Rule 19. A chain of mine alone says that no other host owns the flow. */
INLINE enum verdict rescue(const struct question *q)
{
	if (!has_others(q))
		return last_word(q);
	return q->arrival->rescues < MAX_RESCUES ? RESCUED : DROP_RESCUE_LIMIT;
}

INLINE enum verdict send_on(const struct question *q)
{
	return q->arrival->next_hop == q->self ? DROP_LOOP : NEXT_HOP;
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

INLINE enum verdict judge_sluice(const struct question *q, enum knowledge knowledge)
{
	switch (knowledge) {
	case KNOWS_FLOW:
		return KEPT_KNOWN;
	case KNOWS_COOKIE:
		return KEPT_COOKIE;
	default:
		return is_syn(q->arrival) ? judge_syn(q) : judge_unknown(q);
	}
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
	return q->arrival->next_hop == q->self ? KEPT_SELF : NEXT_HOP;
}

/* Has no socket of a flow to ask for. GLB asks for no ICMP error but "too big". */
INLINE int is_stateless(const struct arrival *arrival)
{
	const struct inner *inner = &arrival->inner;

	if (inner->kind == INNER_ERROR && arrival->private_type == PRIVATE_GLB)
		return !inner->too_big;
	return inner->kind == INNER_ECHO || inner->flow.protocol != PROTOCOL_TCP;
}

INLINE enum verdict judge(struct xdp_md *ctx, const struct question *q)
{
	enum knowledge knowledge;

	if (is_stateless(q->arrival))
		return KEPT_STATELESS;
	knowledge = ask_sockets(ctx, q->arrival);
	if (q->arrival->private_type == PRIVATE_GLB)
		return judge_glb(q, knowledge);
	return judge_sluice(q, knowledge);
}
