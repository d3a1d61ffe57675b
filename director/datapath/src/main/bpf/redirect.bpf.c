// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The redirect of a proxy host: takes encapsulated packets, keeps what is this host's, and sends
 * the rest on along its chain.
 *
 * rule.h decides, this file acts. RedirectModel is this program in Java.
 */
#include "mss.h"
#include "rule.h"
#include "stray.h"
#include "transmit.h"
#include "watch.h"

INLINE enum verdict of_arrival_fault(enum arrival_fault fault)
{
	switch (fault) {
	case ARRIVAL_OTHER:
		return PASS_OTHER;
	case ARRIVAL_SOURCE:
		return DROP_SOURCE;
	case ARRIVAL_PROTOCOL:
		return DROP_PROTOCOL;
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
	count(arrival->pool, reason);
	watch_flow(config, &arrival->inner, WATCH_DROPPED);
	return XDP_DROP;
}

/* The stack gets the client's packet as if it had come without a director. */
INLINE int keep(struct xdp_md *ctx, const struct config *config, struct arrival *arrival,
		enum verdict verdict)
{
	int second = arrival->next > 0 || arrival->rescues > 0;
	int strip = arrival->client - link_length(&arrival->link);

	arrival->link.type = arrival->inner.flow.version == 4 ? htons(ETHERTYPE_IPV4) :
								htons(ETHERTYPE_IPV6);
	if (xdp_adjust_head(ctx, strip) || write_link(ctx, &arrival->link))
		return drop(config, arrival, DROP_NO_HEADROOM);
	count(arrival->pool, verdict);
	if (verdict == KEPT_LAST_RESORT) {
		watch_flow(config, &arrival->inner, WATCH_LAST_RESORT);
	} else {
		if (second)
			count(arrival->pool, SECOND_CHANCE);
		watch_flow(config, &arrival->inner, second ? WATCH_SECOND_CHANCE : WATCH_KEPT);
	}
	return XDP_PASS;
}

INLINE __u32 address_sum(const __be32 address[4], int flip)
{
	__u32 sum = 0;

#pragma unroll
	for (int i = 0; i < 4; i++)
		sum += halves(flip ? ~address[i] : address[i]);
	return sum;
}

/*
 * RFC 1624. The old destination becomes the source, so of the addresses only the old source and
 * the new destination change the sum; and the word that holds the index. The words of an IPv4
 * address that are 0 add nothing in either form: ~0 is 0 in one's complement.
 */
INLINE __u16 udp_checksum(__u16 checksum, const struct arrival *arrival, __u16 old_word,
			  __u16 new_word)
{
	__u32 sum = (__u16)~checksum + address_sum(arrival->source, 1) +
		    address_sum(arrival->next_hop, 0) + (__u16)~old_word + new_word;
	__u16 result = checksum_of(halves(sum));

	return result ? result : 0xffff;
}

INLINE int write_next4(const struct xdp_md *ctx, const struct arrival *arrival)
{
	struct ipv4 *ip = at_offset(ctx, link_length(&arrival->link), sizeof(*ip));

	if (!ip)
		return -1;
	ip->source = ip->destination;
	ip->destination = arrival->next_hop[0];
	ip->checksum = 0;
	ip->checksum = ipv4_checksum(ip);
	return 0;
}

INLINE int write_next6(const struct xdp_md *ctx, const struct arrival *arrival)
{
	struct ipv6 *ip = at_offset(ctx, link_length(&arrival->link), sizeof(*ip));

	if (!ip)
		return -1;
	copy_address(ip->source, ip->destination);
	copy_address(ip->destination, arrival->next_hop);
	return 0;
}

/* Outer addresses, index and checksums are written over. */
INLINE int write_next(const struct xdp_md *ctx, const struct arrival *arrival)
{
	__u32 ip = arrival->version == 4 ? sizeof(struct ipv4) : sizeof(struct ipv6);
	struct tunnel_head *head;
	__u16 old_word, new_word;

	if (arrival->version == 4 ? write_next4(ctx, arrival) : write_next6(ctx, arrival))
		return -1;
	head = at_offset(ctx, link_length(&arrival->link) + ip, sizeof(*head));
	if (!head)
		return -1;
	old_word = htons(head->private.next << 8 | head->private.count);
	head->private.next++;
	new_word = htons(head->private.next << 8 | head->private.count);
	if (head->udp.checksum)
		head->udp.checksum =
			udp_checksum(head->udp.checksum, arrival, old_word, new_word);
	return 0;
}

/* To the next hop of the packet's own chain. */
INLINE int forward(struct xdp_md *ctx, const struct config *config, struct arrival *arrival)
{
	__u32 old_link = link_length(&arrival->link);
	enum route_fault fault;
	__u32 ifindex;

	fault = find_route(ctx, config, arrival->version, arrival->next_hop, arrival->port,
			   arrival->total_length, &arrival->link, &ifindex);
	if (fault)
		return drop(config, arrival, of_route_fault(fault));
	if (old_link != link_length(&arrival->link) &&
	    xdp_adjust_head(ctx, old_link - link_length(&arrival->link)))
		return drop(config, arrival, DROP_NO_HEADROOM);
	if (write_link(ctx, &arrival->link) || write_next(ctx, arrival))
		return drop(config, arrival, DROP_MALFORMED);
	count(arrival->pool, NEXT_HOP);
	watch_flow(config, &arrival->inner, WATCH_NEXT_HOP);
	return send_to(ctx, ifindex);
}

/* Of a rescue: my chain without me. Of a return: the first of those that take new flows. */
INLINE row_t new_chain(const struct question *q, enum verdict verdict)
{
	row_t chain = others(q);

	if (verdict == RETURNED)
		return append_hop(0, row_index(chain, 0)) | 1ULL << 28;
	return chain | (row_t)open_others(q) << 28;
}

/* New outer headers: a chain of mine, my generation. */
INLINE int send_anew(struct xdp_md *ctx, const struct question *q, struct arrival *arrival,
		     enum verdict verdict)
{
	const struct table *table = q->table;
	__u32 strip = arrival->client;
	struct outer outer = {
		.chain = new_chain(q, verdict),
		.inner_length = arrival->inner.length,
		.inner_version = arrival->inner.flow.version,
		.port = arrival->port,
		.rescues = arrival->rescues + 1,
	};
	enum route_fault fault;
	__u32 ifindex;

	fault = find_route(ctx, q->config, table->version,
			   hop_address(table, outer.chain, 0), outer.port,
			   outer_length(table, outer.chain) + outer.inner_length, &arrival->link,
			   &ifindex);
	if (fault)
		return drop(q->config, arrival, of_route_fault(fault));
	arrival->link.type =
		table->version == 4 ? htons(ETHERTYPE_IPV4) : htons(ETHERTYPE_IPV6);
	if (encapsulate(ctx, strip, q->config, table, &outer, &arrival->link))
		return drop(q->config, arrival, DROP_NO_HEADROOM);
	count(arrival->pool, verdict);
	watch_flow(q->config, &arrival->inner, WATCH_RESCUED);
	return send_to(ctx, ifindex);
}

INLINE int act(struct xdp_md *ctx, const struct question *q, struct arrival *arrival,
	       enum verdict verdict)
{
	if (verdict < NEXT_HOP)
		return keep(ctx, q->config, arrival, verdict);
	if (verdict > RETURNED)
		return drop(q->config, arrival, verdict);
	if (!may_send_on(q->config, arrival))
		return drop(q->config, arrival, DROP_STRAY_LIMIT);
	return verdict == NEXT_HOP ? forward(ctx, q->config, arrival) :
				     send_anew(ctx, q, arrival, verdict);
}

SECTION("xdp")
int redirect(struct xdp_md *ctx)
{
	const struct classifier *classes = classifier();
	struct arrival arrival = { .pool = MAX_POOLS };
	struct question q = { .arrival = &arrival, .config = configuration() };
	enum arrival_fault fault;
	struct match match;

	if (!q.config || !classes)
		return XDP_PASS;
	fault = read_arrival(ctx, q.config, &arrival);
	if (fault) {
		count(MAX_POOLS, of_arrival_fault(fault));
		return fault == ARRIVAL_OTHER ? XDP_PASS : XDP_DROP;
	}
	match = classify(classes, &arrival.inner);
	if (match.pool == SEVERAL_POOLS)
		return drop(q.config, &arrival, DROP_FRAGMENT);
	if (match.pool == NO_POOL)
		return drop(q.config, &arrival, DROP_NO_POOL);
	arrival.pool = match.pool;
	q.table = find_table(match.pool);
	if (!q.table)
		return drop(q.config, &arrival, DROP_NO_TABLE);
	q.chain = find_chain(q.table, &arrival.inner.flow,
			     hash_flow(q.table, q.table->hash_fields, &arrival.inner.flow));
	return act(ctx, &q, &arrival, judge(ctx, &q));
}

char gpl[] SECTION("license") = "GPL";
