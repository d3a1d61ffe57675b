// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The director: wraps a client's packet and sends it to the first hop of its row's chain.
 *
 * No state per flow. What is not for a pool goes to the kernel untouched. The counters are those
 * of DirectorCounter in Java, in its order; DirectorModel is this program in Java.
 */
#include "transmit.h"
#include "watch.h"

enum counter {
	FORWARDED,
	PASS_NOT_IPV4,
	PASS_VLAN,
	PASS_TRUNCATED,
	PASS_MALFORMED,
	PASS_OPTIONS,
	PASS_FRAGMENT,
	PASS_PROTOCOL,
	PASS_QUOTE,
	PASS_NO_BIND,
	DROP_NO_TABLE,
	DROP_NO_HOPS,
	DROP_TOO_BIG,
	DROP_NO_ROUTE,
	DROP_NO_NEIGHBOUR,
	DROP_NO_HEADROOM,
};

INLINE enum counter pass_reason(enum inner_fault fault)
{
	switch (fault) {
	case INNER_TRUNCATED:
		return PASS_TRUNCATED;
	case INNER_MALFORMED:
		return PASS_MALFORMED;
	case INNER_OPTIONS:
		return PASS_OPTIONS;
	case INNER_FRAGMENT:
		return PASS_FRAGMENT;
	case INNER_QUOTE:
		return PASS_QUOTE;
	default:
		return PASS_PROTOCOL;
	}
}

INLINE enum counter drop_reason(enum route_fault fault)
{
	switch (fault) {
	case ROUTE_TOO_BIG:
		return DROP_TOO_BIG;
	case ROUTE_NO_NEIGHBOUR:
		return DROP_NO_NEIGHBOUR;
	default:
		return DROP_NO_ROUTE;
	}
}

INLINE int pass(enum counter reason)
{
	count(reason);
	return XDP_PASS;
}

INLINE int drop(const struct config *config, const struct inner *inner, enum counter reason)
{
	count(reason);
	watch_flow(config, inner, WATCH_DROPPED);
	return XDP_DROP;
}

/* GLB's: spreads flows over receive queues and paths of the underlay, stable per flow. */
INLINE __be16 outer_port(__u64 hash, __u16 hint)
{
	return htons(0x8000 | ((hash ^ hint) & 0x7fff));
}

INLINE int forward(struct xdp_md *ctx, const struct config *config, const struct inner *inner,
		   const struct table *table, const struct ethernet *frame)
{
	__u64 hash = hash_flow(table, &inner->flow);
	const struct row *row = find_row(table, hash);
	struct route route = {};
	enum route_fault fault;
	struct outer outer = {
		.source = config->address,
		.port = outer_port(hash, inner->port_hint),
		.inner_length = inner->length,
		.wire = table->wire,
		.generation = table->generation,
		.hops = row->hops,
		.open = row->open,
	};

	if (row->hops == 0 || row->hops > MAX_HOPS)
		return drop(config, inner, DROP_NO_HOPS);
	__builtin_memcpy(outer.hop, row->hop, sizeof(outer.hop));
	fault = find_route(ctx, config, frame, outer.hop[0], outer.port,
			   outer_length(&outer) + inner->length, &route);
	if (fault)
		return drop(config, inner, drop_reason(fault));
	if (encapsulate(ctx, 0, &outer, &route))
		return drop(config, inner, DROP_NO_HEADROOM);
	count(FORWARDED);
	watch_flow(config, inner, WATCH_FORWARDED);
	return send_to(ctx, &route);
}

SECTION("xdp")
int director(struct xdp_md *ctx)
{
	void *end = packet_end(ctx);
	struct ethernet *ethernet = packet_data(ctx);
	const struct config *config = configuration();
	struct ethernet frame;
	struct inner inner = {};
	const __u32 *pool;
	const struct table *table;
	enum inner_fault fault;

	if (!config || (void *)(ethernet + 1) > end)
		return pass(PASS_TRUNCATED);
	if (ethernet->type == htons(ETHERTYPE_VLAN) || ethernet->type == htons(ETHERTYPE_QINQ))
		return pass(PASS_VLAN);
	if (ethernet->type != htons(ETHERTYPE_IPV4))
		return pass(PASS_NOT_IPV4);
	fault = parse_inner((void *)(ethernet + 1), end, &inner);
	if (fault)
		return pass(pass_reason(fault));
	pool = find_pool(&inner);
	if (!pool)
		return pass(PASS_NO_BIND);
	table = find_table(pool);
	if (!table)
		return drop(config, &inner, DROP_NO_TABLE);
	frame = *ethernet;
	return forward(ctx, config, &inner, table, &frame);
}

/* Helpers such as bpf_fib_lookup are for GPL-compatible programs. */
char gpl[] SECTION("license") = "GPL";
