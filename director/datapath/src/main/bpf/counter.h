/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#pragma once

/* What a director does with packets: DirectorCounter in Java, in its order. */
enum counter {
	FORWARDED,
	TOO_BIG_SENT,
	PASS_NOT_IP,
	PASS_TRUNCATED,
	PASS_MALFORMED,
	PASS_EXTENSIONS,
	PASS_PROTOCOL,
	PASS_QUOTE,
	PASS_NO_BIND,
	DROP_FRAGMENT,
	DROP_NO_TABLE,
	DROP_NO_HOPS,
	DROP_TOO_BIG,
	DROP_NO_ROUTE,
	DROP_NO_NEIGHBOUR,
	DROP_NO_HEADROOM,
};
