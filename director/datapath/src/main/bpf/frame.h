/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Ethernet and its tags, and reading bytes at an offset that only the packet tells. */
#pragma once
#include "wire.h"

/* Nothing that lies further behind is read: the verifier wants a bound on what headers say. */
enum { MAX_OFFSET = 0x3ff };

/* Link layer of a frame, kept while the frame grows or shrinks. A MAC is the low 48 bits. */
struct link {
	__u64 destination;
	__u64 source;
	__u32 tag[MAX_TAGS]; /* type and content, as in the frame */
	__u32 tags;
	__be16 type; /* of what follows the tags */
};

INLINE __u32 link_length(const struct link *link)
{
	return sizeof(struct ethernet) + link->tags * sizeof(link->tag[0]);
}

INLINE int is_tag(__be16 type)
{
	return type == htons(ETHERTYPE_VLAN) || type == htons(ETHERTYPE_QINQ);
}

/*
 * `size` bytes at an offset of the frame; 0 if they are not all there. What it returns is hidden from
 * the compiler, which would otherwise test the bounds again where the verifier wants to see whether
 * the pointer is 0.
 */
INLINE void *at_offset(const struct xdp_md *ctx, __u32 offset, const __u32 size)
{
	void *at = 0;

	if (offset <= MAX_OFFSET) {
		at = packet_data(ctx) + offset;
		if (at + size > packet_end(ctx))
			at = 0;
	}
	asm volatile("" : "+r"(at));
	return at;
}

/* An answer other than 0: the frame ends in a tag. */
GLOBAL int read_tags(struct xdp_md *ctx, struct link *link)
{
	if (!link)
		return -1;
#pragma unroll
	for (int i = 0; i < MAX_TAGS; i++) {
		const __u32 *tag;

		if (!is_tag(link->type))
			break;
		tag = at_offset(ctx, 12 + i * 4, 6);
		if (!tag)
			return -1;
		link->tag[i] = *tag;
		link->tags = i + 1;
		link->type = *(const __be16 *)(tag + 1);
	}
	return 0;
}

INLINE int read_link(struct xdp_md *ctx, struct link *link)
{
	const __u8 *frame = at_offset(ctx, 0, sizeof(struct ethernet));
	__u64 first;

	if (!frame)
		return -1;
	first = *(const __u64 *)frame;
	link->destination = first & 0xffffffffffffULL;
	link->source = first >> 48 | (__u64) * (const __u32 *)(frame + 8) << 16;
	link->type = *(const __be16 *)(frame + 12);
	link->tags = 0;
	return is_tag(link->type) ? read_tags(ctx, link) : 0;
}

/* At the start of the frame; `frame` has room for link_length() bytes. */
INLINE void write_macs(void *frame, const struct link *link)
{
	*(__u64 *)frame = link->destination | link->source << 48;
	*(__u32 *)(frame + 8) = link->source >> 16;
}

/* Writes the link layer at the start of the frame; an answer other than 0 means no room. */
INLINE int write_link(const struct xdp_md *ctx, const struct link *link)
{
	__u8 *frame = packet_data(ctx);

	if ((void *)frame + sizeof(struct ethernet) + MAX_TAGS * 4 > packet_end(ctx))
		return -1;
	write_macs(frame, link);
	if (!link->tags) {
		*(__be16 *)(frame + 12) = link->type;
		return 0;
	}
	*(__u32 *)(frame + 12) = link->tag[0];
	if (link->tags == 1) {
		*(__be16 *)(frame + 16) = link->type;
		return 0;
	}
	*(__u32 *)(frame + 16) = link->tag[1];
	*(__be16 *)(frame + 20) = link->type;
	return 0;
}
