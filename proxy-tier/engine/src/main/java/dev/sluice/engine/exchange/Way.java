package dev.sluice.engine.exchange;

import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.upstream.Group;

/** Where a request goes on to, and as what. */
record Way(Group group, Affinity affinity, Rewriting rewriting) {}
