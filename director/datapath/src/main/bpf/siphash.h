/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* SipHash-2-4, fed by words of eight bytes. */
#pragma once
#include "kernel.h"

struct sip_state {
	__u64 v0, v1, v2, v3;
};

INLINE __u64 rotate_left(__u64 x, int bits)
{
	return x << bits | x >> (64 - bits);
}

/*
 * A round in two halves that share nothing but v1 and v0. The left one needs nothing of the word that
 * comes next, so it is always done ahead: a state is one in which it has been.
 */
INLINE void sip_left(struct sip_state *s)
{
	s->v0 += s->v1;
	s->v1 = rotate_left(s->v1, 13) ^ s->v0;
	s->v0 = rotate_left(s->v0, 32);
}

INLINE void sip_right(struct sip_state *s)
{
	s->v2 += s->v3;
	s->v3 = rotate_left(s->v3, 16) ^ s->v2;
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate_left(s->v1, 17) ^ s->v2;
	s->v3 = rotate_left(s->v3, 21) ^ s->v0;
	s->v2 = rotate_left(s->v2, 32);
}

INLINE void sip_block(struct sip_state *s, __u64 block)
{
	s->v3 ^= block;
	sip_right(s);
	sip_left(s);
	sip_right(s);
	s->v0 ^= block;
	sip_left(s);
}

/* `rest`: the bytes after the last whole word; `length`: of the whole message. */
INLINE __u64 sip_end(struct sip_state *s, __u64 rest, __u32 length)
{
	sip_block(s, rest | (__u64)length << 56);
	s->v2 ^= 0xff;
	sip_right(s);
	sip_left(s);
	sip_right(s);
	sip_left(s);
	sip_right(s);
	sip_left(s);
	sip_right(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}
