// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Passes every packet. A veth device delivers what its peer sends with XDP_TX only if it runs an
 * XDP program itself; this is that program.
 */
#include "kernel.h"

SECTION("xdp")
int pass_through(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char gpl[] SECTION("license") = "GPL";
