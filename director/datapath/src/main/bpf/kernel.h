/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the programs need of the kernel's interface: integer types, map syntax and helpers by
 * number. All of it is stable user-space ABI; no system header is included, so an object depends
 * on nothing but these files.
 */
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef int __s32;
typedef long long __s64;
/* Network byte order. */
typedef __u16 __be16;
typedef __u32 __be32;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
/*
 * A function that the verifier checks once, for all arguments that its types allow, and not again
 * for every way that leads to it. It has to take a pointer of null into account.
 */
#define GLOBAL __attribute__((noinline))
/* The compiler forgets what it knows of a value. */
#define OPAQUE(value) asm volatile("" : "+r"(value))
#define CO_RE __attribute__((preserve_access_index))

/* libbpf reads map definitions from the types of these members. */
#define MAP_UINT(name, value) int (*name)[value]
#define MAP_TYPE(name, type) typeof(type) *name

#define ntohs(x) __builtin_bswap16(x)
#define htons(x) __builtin_bswap16(x)
#define ntohl(x) __builtin_bswap32(x)
#define htonl(x) __builtin_bswap32(x)

enum map_type {
	MAP_HASH = 1,
	MAP_ARRAY = 2,
	MAP_PROGRAM_ARRAY = 3,
	MAP_PERCPU_ARRAY = 6,
	MAP_LRU_HASH = 9,
	MAP_ARRAY_OF_MAPS = 12,
	MAP_RING = 27,
};

enum { MAP_NO_PREALLOC = 1 };

enum xdp_action { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT };

struct xdp_md {
	__u32 data;
	__u32 data_end;
	__u32 data_meta;
	__u32 ingress_ifindex;
	__u32 rx_queue_index;
	__u32 egress_ifindex;
};

INLINE void *packet_data(const struct xdp_md *ctx)
{
	return (void *)(long)ctx->data;
}

INLINE void *packet_end(const struct xdp_md *ctx)
{
	return (void *)(long)ctx->data_end;
}

/* bpf_fib_lookup */
struct fib_lookup {
	__u8 family;
	__u8 l4_protocol;
	__be16 sport;
	__be16 dport;
	__u16 total_length;
	__u32 ifindex;
	__u32 tos;
	__be32 src[4]; /* IPv4: the first word */
	__be32 dst[4];
	__u32 table;
	__u8 source_mac[6];
	__u8 destination_mac[6];
};

enum {
	FAMILY_INET = 2,
	FAMILY_INET6 = 10,
	FIB_SUCCESS = 0,
	FIB_NO_NEIGHBOUR = 7,
	FIB_TOO_BIG = 8,
};

/* struct bpf_sock, as programs see any socket. */
struct socket_view {
	__u32 bound_dev_if, family, type, protocol, mark, priority;
	__u32 src_ip4, src_ip6[4], src_port;
	__be16 dst_port;
	__u16 pad;
	__u32 dst_ip4, dst_ip6[4];
	__u32 state;
	__s32 rx_queue;
};

/* struct bpf_sock_tuple: the size that is passed tells which. */
struct socket_tuple4 {
	__be32 saddr, daddr;
	__be16 sport, dport;
};

struct socket_tuple6 {
	__be32 saddr[4], daddr[4];
	__be16 sport, dport;
};

enum { CURRENT_NETNS = -1 };

/* Kernel types, resolved against the running kernel's BTF when the object is loaded. */
struct tcp_request_sock {
	__u32 snt_isn;
} CO_RE;

static void *(*map_lookup)(void *map, const void *key) = (void *)1;
static long (*map_update)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static __u64 (*ktime_ns)(void) = (void *)5;
static long (*skb_store)(void *skb, __u32 offset, const void *from, __u32 length,
			 __u64 flags) = (void *)9;
static long (*l4_checksum_replace)(void *skb, __u32 offset, __u64 from, __u64 to,
				   __u64 flags) = (void *)11;
static long (*tail_call)(void *ctx, void *programs, __u32 index) = (void *)12;
static long (*redirect_to)(__u32 ifindex, __u64 flags) = (void *)23;
static long (*skb_load)(const void *skb, __u32 offset, void *to, __u32 length) = (void *)26;
static __s64 (*checksum_difference)(const void *from, __u32 from_size, const void *to,
				    __u32 to_size, __u32 seed) = (void *)28;
static long (*xdp_adjust_head)(struct xdp_md *ctx, int delta) = (void *)44;
static long (*xdp_adjust_tail)(struct xdp_md *ctx, int delta) = (void *)65;
static long (*fib_lookup)(void *ctx, struct fib_lookup *params, int size, __u32 flags) =
	(void *)69;
static struct socket_view *(*sk_lookup_udp)(void *ctx, void *tuple, __u32 size, __u64 netns,
					    __u64 flags) = (void *)85;
static long (*sk_release)(void *sk) = (void *)86;
static struct socket_view *(*skc_lookup_tcp)(void *ctx, void *tuple, __u32 size, __u64 netns,
					     __u64 flags) = (void *)99;
static long (*tcp_check_syncookie)(void *sk, const void *ip, __u32 ip_length,
				   const void *tcp, __u32 tcp_length) = (void *)100;
static long (*seq_write)(void *seq, const void *data, __u32 length) = (void *)127;
static void *(*ring_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*ring_submit)(void *data, __u64 flags) = (void *)132;
static void (*ring_discard)(void *data, __u64 flags) = (void *)133;
static struct tcp_request_sock *(*skc_to_tcp_request_sock)(void *sk) = (void *)139;
static long (*xdp_load_bytes)(struct xdp_md *ctx, __u32 offset, void *to, __u32 length) =
	(void *)189;
