// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The redirect of a proxy host: takes encapsulated packets, keeps what is this host's, and sends
 * the rest on along its chain.
 *
 * rule.h decides, this file acts. RedirectModel is this program in Java.
 */
#include "rule.h"
#include "transmit.h"
#include "watch.h"

INLINE enum verdict of_arrival_fault(enum arrival_fault fault)
{
	switch (fault) {
	case ARRIVAL_OTHER:
		return PASS_OTHER;
	case ARRIVAL_IPV6:
		return DROP_IPV6;
	case ARRIVAL_PROTOCOL:
		return DROP_PROTOCOL;
	case ARRIVAL_FRAGMENT:
		return DROP_FRAGMENT;
	default:
		return DROP_MALFORMED;
	}
}

INLINE enum verdict of_route_fault(enum route_fault fault)
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

INLINE int drop(const struct config *config, const struct arrival *arrival, enum verdict reason)
{
	count(reason);
	watch_flow(config, &arrival->inner, WATCH_DROPPED);
	return XDP_DROP;
}

/* The stack gets the client's packet as if it had come without a director. */
INLINE int keep(struct xdp_md *ctx, const struct config *config, const struct arrival *arrival,
		const struct ethernet *frame, enum verdict verdict)
{
	int second = arrival->next > 0 || arrival->rescues > 0;
	struct ethernet *ethernet;

	if (xdp_adjust_head(ctx, arrival->outer_length))
		return drop(config, arrival, DROP_NO_HEADROOM);
	ethernet = packet_data(ctx);
	if ((void *)(ethernet + 1) > packet_end(ctx))
		return drop(config, arrival, DROP_NO_HEADROOM);
	*ethernet = *frame;
	count(verdict);
	if (verdict == KEPT_LAST_RESORT) {
		watch_flow(config, &arrival->inner, WATCH_LAST_RESORT);
	} else {
		if (second)
			count(SECOND_CHANCE);
		watch_flow(config, &arrival->inner, second ? WATCH_SECOND_CHANCE : WATCH_KEPT);
	}
	return XDP_PASS;
}

INLINE __u32 halves(__u32 value)
{
	return (value & 0xffff) + (value >> 16);
}

/*
 * RFC 1624. The old destination becomes the source, so of the addresses only the old source and
 * the new destination change the sum; and the word that holds the index.
 */
INLINE __u16 udp_checksum(__u16 checksum, __be32 old_source, __be32 hop, __u16 old_word,
			  __u16 new_word)
{
	__u32 sum = (__u16)~checksum + halves(~old_source) + halves(hop) + (__u16)~old_word +
		    new_word;
	__u16 result;

	sum = halves(sum);
	sum = halves(sum);
	result = ~sum;
	return result ? result : 0xffff;
}

/* Nothing moves: addresses, index and checksums are written over. */
INLINE int forward(struct xdp_md *ctx, const struct config *config, const struct arrival *arrival,
		   const struct ethernet *frame)
{
	struct outer_head *head = packet_data(ctx);
	struct route route = {};
	enum route_fault fault;
	__be32 old_source;
	__u16 old_word, new_word;

	fault = find_route(ctx, config, frame, arrival->next_hop, arrival->port,
			   arrival->total_length, &route);
	if (fault)
		return drop(config, arrival, of_route_fault(fault));
	if ((void *)(head + 1) > packet_end(ctx))
		return drop(config, arrival, DROP_MALFORMED);
	write_ethernet(&head->ethernet, &route);
	old_source = head->ip.source;
	head->ip.source = head->ip.destination;
	head->ip.destination = arrival->next_hop;
	head->ip.checksum = 0;
	head->ip.checksum = ipv4_checksum(&head->ip);
	old_word = htons(head->private.next << 8 | head->private.count);
	head->private.next++;
	new_word = htons(head->private.next << 8 | head->private.count);
	if (head->udp.checksum)
		head->udp.checksum = udp_checksum(head->udp.checksum, old_source,
						  arrival->next_hop, old_word, new_word);
	count(NEXT_HOP);
	watch_flow(config, &arrival->inner, WATCH_NEXT_HOP);
	return send_to(ctx, &route);
}

/* New outer headers: my chain of the row without me, my generation. */
INLINE int rescue_packet(struct xdp_md *ctx, const struct config *config,
			 const struct question *q, const struct ethernet *frame)
{
	const struct arrival *arrival = q->arrival;
	struct route route = {};
	enum route_fault fault;
	struct outer outer = {
		.source = config->address,
		.port = arrival->port,
		.inner_length = arrival->inner.length,
		.wire = WIRE_SLUICE,
		.generation = q->table->generation,
		.rescues = arrival->rescues + 1,
	};

#pragma unroll
	for (__u32 i = 0; i < MAX_HOPS; i++)
		if (i < q->row->hops && q->row->hop[i] != q->self) {
			outer.hop[outer.hops & (MAX_HOPS - 1)] = q->row->hop[i];
			outer.hops++;
			if (i < q->row->open)
				outer.open++;
		}
	fault = find_route(ctx, config, frame, outer.hop[0], outer.port,
			   outer_length(&outer) + outer.inner_length, &route);
	if (fault)
		return drop(config, arrival, of_route_fault(fault));
	if (encapsulate(ctx, arrival->outer_length, &outer, &route))
		return drop(config, arrival, DROP_NO_HEADROOM);
	count(RESCUED);
	watch_flow(config, &arrival->inner, WATCH_RESCUED);
	return send_to(ctx, &route);
}

INLINE int act(struct xdp_md *ctx, const struct config *config, const struct question *q,
	       enum verdict verdict)
{
	struct ethernet *ethernet = packet_data(ctx);
	struct ethernet frame;

	if ((void *)(ethernet + 1) > packet_end(ctx))
		return drop(config, q->arrival, DROP_MALFORMED);
	frame = *ethernet;
	if (verdict == NEXT_HOP)
		return forward(ctx, config, q->arrival, &frame);
	if (verdict == RESCUED)
		return rescue_packet(ctx, config, q, &frame);
	if (verdict < NEXT_HOP)
		return keep(ctx, config, q->arrival, &frame, verdict);
	return drop(config, q->arrival, verdict);
}

SECTION("xdp")
int redirect(struct xdp_md *ctx)
{
	const struct config *config = configuration();
	struct arrival arrival = {};
	struct question q = { .arrival = &arrival };
	enum arrival_fault fault;
	const __u32 *pool;

	if (!config)
		return XDP_PASS;
	fault = read_arrival(ctx, config->address, &arrival);
	if (fault) {
		count(of_arrival_fault(fault));
		return fault == ARRIVAL_OTHER ? XDP_PASS : XDP_DROP;
	}
	pool = find_pool(&arrival.inner);
	if (!pool)
		return drop(config, &arrival, DROP_NO_POOL);
	q.pool = *pool;
	q.table = find_table(pool);
	if (!q.table)
		return drop(config, &arrival, DROP_NO_TABLE);
	q.row = find_row(q.table, hash_flow(q.table, &arrival.inner.flow));
	q.self = config->address;
	return act(ctx, config, &q, judge(ctx, &q));
}

char gpl[] SECTION("license") = "GPL";
