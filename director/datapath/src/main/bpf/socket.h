/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What the sockets of this host know of a packet (PROTOCOL.md rule 16). */
#pragma once
#include "arrival.h"

enum knowledge {
	KNOWS_NOTHING,
	KNOWS_FLOW, /* a socket that is not a listener */
	KNOWS_COOKIE, /* the packet acknowledges a SYN cookie */
};

enum socket_state {
	SOCKET_TIME_WAIT = 6,
	SOCKET_LISTEN = 10,
	SOCKET_REQUEST = 12,
};

/*
 * A request socket knows a packet with ACK only if that acknowledges its own SYN-ACK: the client
 * may have gone on with another proxy, and then the stack here would reset the flow. GLB's format
 * promises what GLB does, which is to take them all.
 */
INLINE int request_knows(struct socket_view *socket, const struct arrival *arrival)
{
	struct tcp_request_sock *request;

	if (arrival->private_type == PRIVATE_GLB || !(arrival->tcp_flags & TCP_ACK))
		return 1;
	request = skc_to_tcp_request_sock(socket);
	return request && arrival->acknowledgement == request->snt_isn + 1;
}

/*
 * Its kernel would make a new flow of a SYN, fenced or not: a client that uses its port again is a
 * new flow to us, too.
 */
INLINE int time_wait_knows(const struct arrival *arrival)
{
	return arrival->private_type == PRIVATE_GLB || !is_syn(arrival);
}

/* The helper asks for no more than these flags either, but its answer costs a hash. */
INLINE int listener_knows(const struct xdp_md *ctx, struct socket_view *socket,
			  const struct arrival *arrival)
{
	const struct ipv4 *ip = inner_ip(ctx, arrival);
	const struct tcp *tcp = (const void *)(ip + 1);

	if (arrival->inner.kind != INNER_TCP || (void *)(tcp + 1) > packet_end(ctx) ||
	    (arrival->tcp_flags & (TCP_ACK | TCP_SYN | TCP_RST | TCP_FIN)) != TCP_ACK)
		return 0;
	return tcp_check_syncookie(socket, ip, sizeof(*ip), tcp, sizeof(*tcp)) == 0;
}

INLINE enum knowledge ask_sockets(struct xdp_md *ctx, const struct arrival *arrival)
{
	struct socket_tuple tuple = {
		.saddr = arrival->inner.flow.client,
		.daddr = arrival->inner.flow.vip,
		.sport = arrival->inner.flow.client_port,
		.dport = arrival->inner.flow.vip_port,
	};
	struct socket_view *socket =
		skc_lookup_tcp(ctx, &tuple, sizeof(tuple), CURRENT_NETNS, 0);
	enum knowledge knowledge = KNOWS_FLOW;

	if (!socket)
		return KNOWS_NOTHING;
	if (socket->state == SOCKET_LISTEN)
		knowledge = listener_knows(ctx, socket, arrival) ? KNOWS_COOKIE : KNOWS_NOTHING;
	else if (socket->state == SOCKET_TIME_WAIT && !time_wait_knows(arrival))
		knowledge = KNOWS_NOTHING;
	else if (socket->state == SOCKET_REQUEST && !request_knows(socket, arrival))
		knowledge = KNOWS_NOTHING;
	sk_release(socket);
	return knowledge;
}
