/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Header layouts: docs/wire.md says what each byte means. */
#pragma once
#include "kernel.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88a8,
	PROTOCOL_HOP_BY_HOP = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_IPIP = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_AUTHENTICATION = 51,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DESTINATION = 60,
	GUE_PORT = 19523,
	OUTER_TTL = 64,
	IPV4_DONT_FRAGMENT = 0x4000,
	IPV4_FRAGMENT_BITS = 0x3fff, /* more fragments, and the offset */
	IPV4_OFFSET_BITS = 0x1fff,
	IPV6_FRAGMENT_BITS = 0xfff9, /* the offset, and more fragments */
	IPV6_OFFSET_BITS = 0xfff8,
	MAX_TAGS = 2,
	MAX_EXTENSIONS = 8,
	MAX_HOPS = 4,
	MAX_RESCUES = 2,
};

struct ethernet {
	__u8 destination[6];
	__u8 source[6];
	__be16 type;
};

struct ipv4 {
	__u8 version_ihl;
	__u8 tos;
	__be16 length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__u16 checksum;
	__be32 source;
	__be32 destination;
};

struct ipv6 {
	__be32 version_class_label;
	__be16 payload_length;
	__u8 next;
	__u8 hop_limit;
	__be32 source[4];
	__be32 destination[4];
};

struct ipv6_extension {
	__u8 next;
	__u8 length; /* in eight bytes, without the first eight; of AH in four, without two */
	__be16 fragment; /* of a fragment header */
	__be32 id;
};

struct udp {
	__be16 source;
	__be16 destination;
	__be16 length;
	__u16 checksum;
};

struct tcp {
	__be16 source;
	__be16 destination;
	__be32 sequence;
	__be32 acknowledgement;
	__u8 offset;
	__u8 flags;
	__be16 window;
	__u16 checksum;
	__be16 urgent;
};

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

struct icmp {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__u32 rest;
};

enum {
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
	ICMP_TOO_BIG_CODE = 4,
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_TOO_BIG = 2,
	ICMPV6_PARAMETER_PROBLEM = 4,
	ICMPV6_ECHO_REQUEST = 128,
	ICMPV6_ECHO_REPLY = 129,
};

struct gue {
	__u8 hlen; /* version 0, no control bit, length of all that follows in words */
	__u8 protocol;
	__be16 flags;
};

enum {
	PRIVATE_GLB = 0,
	PRIVATE_SLUICE = 1,
	PRIVATE_SLUICE6 = 2, /* the same with IPv6 hops */
};

/* The start of all private types. */
struct private_head {
	__be16 type;
	__u8 next;
	__u8 count;
};

/* What PRIVATE_SLUICE and PRIVATE_SLUICE6 add before the hops. */
struct private_stamp {
	__u8 open;
	__u8 rescues;
	__be16 reserved;
	__be32 generation_high;
	__be32 generation_low;
};

/* Between the outer IP header and the rest of the private data. */
struct tunnel_head {
	struct udp udp;
	struct gue gue;
	struct private_head private;
};

_Static_assert(sizeof(struct tunnel_head) == 16, "sixteen bytes");
_Static_assert(sizeof(struct private_stamp) == 12, "three words");

/* Folds a sum of 16-bit words into the internet checksum. */
INLINE __u16 checksum_of(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return ~sum;
}

INLINE __u32 halves(__u32 value)
{
	return (value & 0xffff) + (value >> 16);
}

INLINE __u16 ipv4_checksum(const struct ipv4 *ip)
{
	const __u16 *word = (const void *)ip;
	__u32 sum = 0;

#pragma unroll
	for (int i = 0; i < 10; i++)
		sum += word[i];
	return checksum_of(sum);
}
