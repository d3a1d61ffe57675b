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
	SOCKET_ESTABLISHED = 1, /* UDP: connected */
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
	const struct tcp *tcp = at_offset(ctx, arrival->inner.transport, sizeof(*tcp));
	const void *ip;

	if (arrival->inner.kind != INNER_TCP || !tcp ||
	    (arrival->tcp_flags & (TCP_ACK | TCP_SYN | TCP_RST | TCP_FIN)) != TCP_ACK)
		return 0;
	if (arrival->inner.flow.version == 6) {
		ip = at_offset(ctx, arrival->client, sizeof(struct ipv6));
		return ip && tcp_check_syncookie(socket, ip, sizeof(struct ipv6), tcp,
						 sizeof(*tcp)) == 0;
	}
	ip = at_offset(ctx, arrival->client, sizeof(struct ipv4));
	return ip &&
	       tcp_check_syncookie(socket, ip, sizeof(struct ipv4), tcp, sizeof(*tcp)) == 0;
}

INLINE enum knowledge of_tcp_socket(struct xdp_md *ctx, struct socket_view *socket,
				    const struct arrival *arrival)
{
	switch (socket->state) {
	case SOCKET_LISTEN:
		return listener_knows(ctx, socket, arrival) ? KNOWS_COOKIE : KNOWS_NOTHING;
	case SOCKET_TIME_WAIT:
		return time_wait_knows(arrival) ? KNOWS_FLOW : KNOWS_NOTHING;
	case SOCKET_REQUEST:
		return request_knows(socket, arrival) ? KNOWS_FLOW : KNOWS_NOTHING;
	default:
		return KNOWS_FLOW;
	}
}

INLINE enum knowledge ask_tcp(struct xdp_md *ctx, void *tuple, const __u32 size,
			      const struct arrival *arrival)
{
	struct socket_view *socket = skc_lookup_tcp(ctx, tuple, size, CURRENT_NETNS, 0);
	enum knowledge knowledge;

	if (!socket)
		return KNOWS_NOTHING;
	knowledge = of_tcp_socket(ctx, socket, arrival);
	sk_release(socket);
	return knowledge;
}

/* A socket that takes datagrams from anybody knows no flow. */
INLINE enum knowledge ask_udp(struct xdp_md *ctx, void *tuple, const __u32 size)
{
	struct socket_view *socket = sk_lookup_udp(ctx, tuple, size, CURRENT_NETNS, 0);
	enum knowledge knowledge;

	if (!socket)
		return KNOWS_NOTHING;
	knowledge = socket->state == SOCKET_ESTABLISHED ? KNOWS_FLOW : KNOWS_NOTHING;
	sk_release(socket);
	return knowledge;
}

INLINE enum knowledge ask(struct xdp_md *ctx, void *tuple, const __u32 size,
			  const struct arrival *arrival)
{
	return arrival->inner.flow.protocol == PROTOCOL_TCP ? ask_tcp(ctx, tuple, size, arrival) :
							      ask_udp(ctx, tuple, size);
}

INLINE enum knowledge ask_sockets(struct xdp_md *ctx, const struct arrival *arrival)
{
	const struct flow *flow = &arrival->inner.flow;

	if (flow->version == 6) {
		struct socket_tuple6 tuple = {
			.sport = flow->client_port,
			.dport = flow->vip_port,
		};

		copy_address(tuple.saddr, flow->client);
		copy_address(tuple.daddr, flow->vip);
		return ask(ctx, &tuple, sizeof(tuple), arrival);
	}
	struct socket_tuple4 tuple = {
		.saddr = flow->client[0],
		.daddr = flow->vip[0],
		.sport = flow->client_port,
		.dport = flow->vip_port,
	};

	return ask(ctx, &tuple, sizeof(tuple), arrival);
}
