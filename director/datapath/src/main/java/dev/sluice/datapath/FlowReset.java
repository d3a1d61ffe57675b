package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.KernelFlows.State;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.NetlinkSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;

/**
 * Ends single flows of this host in the kernel (PROTOCOL rule 10), by the {@code SOCK_DESTROY} of
 * sock_diag(7): the client is sent a reset, a process that has the socket reads ECONNABORTED. It
 * reaches what no process can close: an accept queue, an orphan, a request socket (which goes
 * without a reset: its client has nothing yet). Works on the network namespace of the thread that
 * opened it, and belongs to that thread.
 *
 * <p>The kernel would take a listener for a flow that ended meanwhile, so that a flow is first
 * looked up and then ended by the cookie that its socket alone has.
 */
public final class FlowReset implements AutoCloseable {
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short SOCK_DESTROY = 21;
    private static final short NLMSG_ERROR = 2;
    private static final short REQUEST = 1;
    private static final short ACK = 4;
    private static final short DUMP = 0x300;

    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    private static final byte TCP = 6;
    private static final long ANY_COOKIE = -1;

    // struct inet_diag_req_v2 behind the header of the message
    private static final int LENGTH_OFFSET = 0;
    private static final int TYPE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int FAMILY_OFFSET = 16;
    private static final int PROTOCOL_OFFSET = 17;
    private static final int STATES_OFFSET = 20;
    private static final int ID_OFFSET = 24;
    private static final int REQUEST_LENGTH = 72;

    // struct inet_diag_sockid
    private static final int LOCAL_PORT_OFFSET = 0;
    private static final int REMOTE_PORT_OFFSET = 2;
    private static final int LOCAL_OFFSET = 4;
    private static final int REMOTE_OFFSET = 20;
    private static final int COOKIE_OFFSET = 40;

    // struct inet_diag_msg, struct nlmsgerr
    private static final int ANSWER_STATE_OFFSET = 17;
    private static final int ANSWER_ID_OFFSET = 20;
    private static final int ERROR_OFFSET = 16;

    private static final int ENOENT = 2;
    private static final int ESTALE = 116;
    private static final int EOPNOTSUPP = 95;

    private final OwnerThread owner = new OwnerThread();
    private final NetlinkSocket kernel = NetlinkSocket.sockDiag();
    private final ByteBuffer request = kernel.message(REQUEST_LENGTH);

    private FlowReset() {
        request.putInt(LENGTH_OFFSET, REQUEST_LENGTH)
                .put(FAMILY_OFFSET, AF_INET)
                .put(PROTOCOL_OFFSET, TCP);
    }

    /**
     * Makes sure that this kernel can.
     *
     * @throws DatapathException if it cannot, with what it lacks
     */
    public static FlowReset open() {
        FlowReset reset = new FlowReset();
        try {
            reset.require();
            return reset;
        } catch (DatapathException e) {
            reset.close();
            throw e;
        }
    }

    private void require() {
        // No state at all: an empty list, if anybody can list.
        if (error(ask(SOCK_DIAG_BY_FAMILY, (short) (REQUEST | DUMP))) == ENOENT) {
            throw new DatapathException(
                    "the kernel does not answer questions about TCP sockets"
                            + " (CONFIG_INET_TCP_DIAG; modprobe tcp_diag)");
        }
        request.putInt(STATES_OFFSET, -1);
        if (error(ask(SOCK_DESTROY, (short) (REQUEST | ACK))) == EOPNOTSUPP) {
            throw new DatapathException(
                    "the kernel cannot end a socket of another process"
                            + " (CONFIG_INET_DIAG_DESTROY is off)");
        }
    }

    /**
     * Ends flows; one that has ended by itself is passed over.
     *
     * @return how many it ended
     * @throws DatapathException if the kernel refuses (CAP_NET_ADMIN is needed)
     */
    public int reset(Collection<FlowKey> flows) {
        int ended = 0;
        for (FlowKey flow : flows) {
            ended += reset(flow) ? 1 : 0;
        }
        return ended;
    }

    /** False: no socket of this host has that flow now. */
    public boolean reset(FlowKey flow) {
        owner.check();
        address(flow);
        ByteBuffer socket = ask(SOCK_DIAG_BY_FAMILY, REQUEST);
        if (isError(socket)) {
            return succeeded(flow, socket);
        }
        if (!State.of(socket.get(ANSWER_STATE_OFFSET)).isLive()) {
            return false;
        }
        request.putLong(
                ID_OFFSET + COOKIE_OFFSET, socket.getLong(ANSWER_ID_OFFSET + COOKIE_OFFSET));
        return succeeded(flow, ask(SOCK_DESTROY, (short) (REQUEST | ACK)));
    }

    private void address(FlowKey flow) {
        request.order(ByteOrder.BIG_ENDIAN)
                .putShort(ID_OFFSET + LOCAL_PORT_OFFSET, (short) flow.destinationPort())
                .putShort(ID_OFFSET + REMOTE_PORT_OFFSET, (short) flow.sourcePort())
                .order(ByteOrder.nativeOrder())
                .put(FAMILY_OFFSET, flow.destination().isIpv4() ? AF_INET : AF_INET6)
                .put(ID_OFFSET + LOCAL_OFFSET, sixteenBytes(flow.destination()))
                .put(ID_OFFSET + REMOTE_OFFSET, sixteenBytes(flow.source()))
                .putLong(ID_OFFSET + COOKIE_OFFSET, ANY_COOKIE);
    }

    private static byte[] sixteenBytes(Address address) {
        return Arrays.copyOf(address.bytes(), Addresses.LENGTH);
    }

    private ByteBuffer ask(short type, short flags) {
        return kernel.ask(request.putShort(TYPE_OFFSET, type).putShort(FLAGS_OFFSET, flags));
    }

    private static boolean isError(ByteBuffer answer) {
        return answer.getShort(TYPE_OFFSET) == NLMSG_ERROR;
    }

    /** An error number; 0 for an acknowledgement, and for what is not an error. */
    private static int error(ByteBuffer answer) {
        return isError(answer) ? -answer.getInt(ERROR_OFFSET) : 0;
    }

    private static boolean succeeded(FlowKey flow, ByteBuffer answer) {
        int error = error(answer);
        if (error == 0) {
            return true;
        }
        // It ended by itself, or another flow has its addresses by now.
        if (error == ENOENT || error == ESTALE) {
            return false;
        }
        throw NetlinkSocket.failure("end the flow " + flow, error);
    }

    @Override
    public void close() {
        owner.check();
        kernel.close();
    }
}
