/**
 * The cluster in virtual time: start with {@link dev.sluice.simulation.Simulation}.
 *
 * <p>Directors, proxy hosts and controllers run the production functions: {@code DirectorStep},
 * {@code ProxyHostStep}, {@code Safety}, {@code Transitions}, {@code ChainTable}, {@code
 * LocalDemotion}, {@code DisplacedRows}, {@code RedirectRule}. Everything around them is a model:
 * ZooKeeper ({@link dev.sluice.simulation.Ensemble}), the network, the routers, TCP in the proxy
 * hosts' kernels, clients, and an operator. {@link dev.sluice.simulation.Guard}s are switched off
 * between the two ({@link dev.sluice.simulation.Boundary}), never inside.
 *
 * <p>{@link dev.sluice.simulation.Simulation#history} gives every hop of a run with all that its
 * decision depends on, to be replayed on real datapaths: for a {@link
 * dev.sluice.simulation.History.Forwarded}, install {@code table().tiled()} and send {@code
 * inner()}; for a {@link dev.sluice.simulation.History.Judged}, install it too, make the socket
 * that {@code host().socket()} tells of, confirm the table or not as {@code host().confirmed()},
 * send {@code inner()} in an encapsulation with {@code packet()}'s stamp, rescues, position and
 * hops, and compare with {@code verdict()}.
 */
@NullMarked
package dev.sluice.simulation;

import org.jspecify.annotations.NullMarked;
