package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;

/** Why an address could not be listened on, and what to do about it. */
final class BindProblem {
    private BindProblem() {}

    static Problem of(String origin, HostPort address, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return Problem.general(
                origin,
                "listeners",
                "cannot listen on " + address + ": " + message,
                hint(address, message));
    }

    private static String hint(HostPort address, String message) {
        if (message.contains("Cannot assign requested address")) {
            return "the address is not on this host; a VIP must be on its loopback:"
                    + " ip address add "
                    + address.address()
                    + (address.address().isIpv4() ? "/32" : "/128")
                    + " dev lo";
        }
        if (message.contains("Address already in use")) {
            return "another process listens there: ss -ltnp 'sport = :" + address.port() + "'";
        }
        if (message.contains("Permission denied")) {
            return "ports below 1024 need CAP_NET_BIND_SERVICE";
        }
        return "";
    }
}
