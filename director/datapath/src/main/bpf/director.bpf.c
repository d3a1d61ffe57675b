// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The director: wraps a client's packet and sends it to the first hop of its row's chain.
 *
 * No state per flow. What is not for a pool goes to the kernel untouched. The common packet takes
 * the straight way of plain.h, all others the general way below. DirectorModel is this program in
 * Java.
 */
#include "capture.h"
#include "plain.h"
#include "toobig.h"
#include "watch.h"

INLINE enum counter pass_reason(enum inner_fault fault)
{
	switch (fault) {
	case INNER_TRUNCATED:
		return PASS_TRUNCATED;
	case INNER_MALFORMED:
		return PASS_MALFORMED;
	case INNER_EXTENSIONS:
		return PASS_EXTENSIONS;
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

/* What forwarding needs to know, and what came of it. */
struct request {
	const struct config *config;
	const struct table *table;
	struct inner inner;
	struct link link;
	struct match match;
	__u64 hash;
	enum counter verdict;
};

INLINE int pass(struct request *request, enum counter reason)
{
	count(MAX_POOLS, reason);
	request->verdict = reason;
	return XDP_PASS;
}

INLINE int drop(struct request *request, enum counter reason)
{
	count(request->match.pool, reason);
	request->verdict = reason;
	watch_flow(request->config, &request->inner, WATCH_DROPPED);
	return XDP_DROP;
}

/* GLB's: spreads flows over receive queues and paths of the underlay, stable per flow. */
INLINE __be16 outer_port(__u64 hash, __u16 hint)
{
	return htons(0x8000 | ((hash ^ hint) & 0x7fff));
}

INLINE int is_too_big(const struct request *request)
{
	__u32 mtu = request->config->mtu;

	return mtu && request->inner.length + request->table->overhead > mtu;
}

INLINE int refuse_too_big(struct xdp_md *ctx, struct request *request)
{
	const struct inner *inner = &request->inner;
	__u32 mtu = request->config->mtu - request->table->overhead;

	/* RFC 1122 §3.2.2: no error about an error, nor about a fragment. */
	if (!inner->dont_fragment || inner->kind == INNER_ERROR || inner->kind == INNER_FRAGMENT ||
	    answer_too_big(ctx, &request->link, inner->flow.version, mtu))
		return drop(request, DROP_TOO_BIG);
	count(request->match.pool, TOO_BIG_SENT);
	request->verdict = TOO_BIG_SENT;
	watch_flow(request->config, inner, WATCH_DROPPED);
	return XDP_TX;
}

INLINE int forward(struct xdp_md *ctx, struct request *request)
{
	const struct config *config = request->config;
	const struct table *table = request->table;
	const struct inner *inner = &request->inner;
	__u64 hash = hash_flow(table, table->hash_fields, &inner->flow);
	struct outer outer = {
		.chain = find_chain(table, &inner->flow, hash),
		.inner_length = inner->length,
		.inner_version = inner->flow.version,
		.port = outer_port(hash, inner->port_hint),
	};
	const struct hop *first = row_hop(table, outer.chain, 0);
	__u32 strip = link_length(&request->link);
	enum route_fault fault;
	__u32 ifindex;

	request->hash = hash;
	if (row_hops(outer.chain) == 0 || row_hops(outer.chain) > MAX_HOPS)
		return drop(request, DROP_NO_HOPS);
	if (is_too_big(request))
		return refuse_too_big(ctx, request);
	fault = find_route(ctx, config, table->version,
			   hop_address(table, outer.chain, 0), outer.port,
			   outer_length(table, outer.chain) + inner->length, &request->link,
			   &ifindex);
	if (fault)
		return drop(request, drop_reason(fault));
	request->link.type = table->version == 4 ? htons(ETHERTYPE_IPV4) : htons(ETHERTYPE_IPV6);
	if (encapsulate(ctx, strip, config, table, &outer, &request->link))
		return drop(request, DROP_NO_HEADROOM);
	count(request->match.pool, FORWARDED);
	request->verdict = FORWARDED;
	add_traffic(&bind_traffic, request->match.bind, inner->length);
	add_traffic(&hop_traffic, first->counter, inner->length);
	watch_flow(config, inner, WATCH_FORWARDED);
	return send_to(ctx, ifindex);
}

/* Fragments reach one proxy if their ports do not matter; else they are nobody's. */
INLINE int may_forward_fragment(const struct request *request)
{
	return request->inner.flow.protocol == PROTOCOL_ICMP ||
	       !(request->table->hash_fields & HASH_PORTS);
}

INLINE int decide(struct xdp_md *ctx, const struct classifier *classes, struct request *request)
{
	enum inner_fault fault;
	int version;

	if (read_link(ctx, &request->link))
		return pass(request, PASS_TRUNCATED);
	if (request->link.type == htons(ETHERTYPE_IPV4))
		version = 4;
	else if (request->link.type == htons(ETHERTYPE_IPV6))
		version = 6;
	else
		return pass(request, PASS_NOT_IP);
	if (version != 4 || !parse_plain(ctx, link_length(&request->link), &request->inner)) {
		fault = parse_inner(ctx, link_length(&request->link), version, &request->inner);
		if (fault)
			return pass(request, pass_reason(fault));
	}
	request->match = classify(classes, &request->inner);
	if (request->match.pool == NO_POOL)
		return pass(request, PASS_NO_BIND);
	if (request->match.pool == SEVERAL_POOLS) {
		request->match.pool = MAX_POOLS;
		return drop(request, DROP_FRAGMENT);
	}
	request->table = find_table(request->match.pool);
	if (!request->table)
		return drop(request, DROP_NO_TABLE);
	if (request->inner.kind == INNER_FRAGMENT && !may_forward_fragment(request))
		return drop(request, DROP_FRAGMENT);
	return forward(ctx, request);
}

INLINE void capture(struct xdp_md *ctx, const struct request *request)
{
	struct outcome outcome = {
		.hash = request->hash,
		.generation = request->table ? request->table->generation : 0,
		.verdict = request->verdict,
		.pool = request->match.pool,
		.bind = request->match.bind,
	};

	capture_frame(ctx, &request->inner.flow, &outcome);
}

/* The general way. */
GLOBAL int forward_any(struct xdp_md *ctx)
{
	const struct classifier *classes = classifier();
	struct request request = { .config = configuration(), .match.pool = NO_POOL };
	int action;

	if (!request.config || !classes)
		return pass(&request, PASS_NO_BIND);
	action = decide(ctx, classes, &request);
	if (request.config->capturing)
		capture(ctx, &request);
	return action;
}

SECTION("xdp")
int director(struct xdp_md *ctx)
{
	int action = forward_plain(ctx);

	return action == NOT_PLAIN ? forward_any(ctx) : action;
}

/* Helpers such as bpf_fib_lookup are for GPL-compatible programs. */
char gpl[] SECTION("license") = "GPL";
