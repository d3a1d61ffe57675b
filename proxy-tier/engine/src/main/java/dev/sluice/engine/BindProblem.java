package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;

/** Why an address could not be listened on, and what to do about it. */
final class BindProblem {
    private BindProblem() {}

    /** For an address of a configuration, which says it in one place only. */
    static Problem of(String origin, L7Config config, HostPort address, Throwable cause) {
        return of(origin, place(config, address), address, cause);
    }

    private static String place(L7Config config, HostPort address) {
        for (int i = 0; i < config.entries().size(); i++) {
            int j = config.entries().get(i).addresses().indexOf(address);
            if (j >= 0) {
                return "listeners[" + i + "].addresses[" + j + "]";
            }
        }
        throw new IllegalArgumentException(address + " is not in the configuration");
    }

    static Problem of(String origin, String path, HostPort address, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return Problem.general(
                origin,
                path,
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
