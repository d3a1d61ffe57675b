// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Lists the TCP sockets of the reader's network namespace: whoever reads the pinned iterator gets
 * one `struct record` after the other. Request sockets, sockets in an accept
 * queue and orphans are among them, which /proc and a process's own books leave out.
 */
#include "kernel.h"

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} CO_RE;

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
} CO_RE;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	__u16 skc_family;
	volatile __u8 skc_state;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
} CO_RE;

struct request_sock_ops {
	int family;
} CO_RE;

struct request_sock {
	const struct request_sock_ops *rsk_ops;
} CO_RE;

/* Begins with an inet_request_sock, and that with a request_sock. */
static struct request_sock *as_request(struct sock_common *socket)
{
	return (void *)skc_to_tcp_request_sock(socket);
}

/* The context of the iterator: its layout is ABI. */
struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

/* Of an IPv4 address the first word is used. */
struct record {
	__be32 local[4];
	__be32 remote[4];
	__be16 local_port;
	__be16 remote_port;
	__u16 state;
	__u16 version;
};

enum { SOCKET_REQUEST = 12 };

INLINE int is_mapped(const struct in6_addr *address)
{
	return address->in6_u.u6_addr32[0] == 0 && address->in6_u.u6_addr32[1] == 0 &&
	       address->in6_u.u6_addr32[2] == htonl(0xffff);
}

/*
 * An IPv4 flow of an IPv6 listener has IPv6 sockets with mapped addresses. Its request socket says
 * IPv6 too but has no IPv6 address: what it answers with tells.
 */
INLINE int carries_ipv4(struct sock_common *socket)
{
	if (socket->skc_family == FAMILY_INET)
		return 1;
	if (socket->skc_state == SOCKET_REQUEST) {
		struct request_sock *request = as_request(socket);

		return request && request->rsk_ops->family == FAMILY_INET;
	}
	return socket->skc_family == FAMILY_INET6 && is_mapped(&socket->skc_v6_rcv_saddr);
}

INLINE void copy_address(__be32 to[4], const struct in6_addr *from)
{
#pragma unroll
	for (int i = 0; i < 4; i++)
		to[i] = from->in6_u.u6_addr32[i];
}

SECTION("iter/tcp")
int sockets(struct bpf_iter__tcp *ctx)
{
	struct sock_common *socket = ctx->sk_common;
	struct record record = {};

	if (!socket)
		return 0;
	if (carries_ipv4(socket)) {
		record.version = 4;
		record.local[0] = socket->skc_rcv_saddr;
		record.remote[0] = socket->skc_daddr;
	} else {
		record.version = 6;
		copy_address(record.local, &socket->skc_v6_rcv_saddr);
		copy_address(record.remote, &socket->skc_v6_daddr);
	}
	record.local_port = htons(socket->skc_num);
	record.remote_port = socket->skc_dport;
	record.state = socket->skc_state;
	/* An overflow makes the kernel show this socket again in the next read. */
	seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

char gpl[] SECTION("license") = "GPL";
