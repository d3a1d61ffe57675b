package dev.sluice.engine.tls;

import dev.sluice.cluster.l7.HttpVersion;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;

import java.util.List;

/** Which version of HTTP is spoken, agreed upon in the handshake (RFC 7301). */
final class Alpn {
    private Alpn() {}

    static ApplicationProtocolConfig of(List<HttpVersion> versions) {
        if (versions.isEmpty()) {
            return ApplicationProtocolConfig.DISABLED;
        }
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                versions.stream().map(Alpn::name).toList());
    }

    private static String name(HttpVersion version) {
        return switch (version) {
            case H1 -> ApplicationProtocolNames.HTTP_1_1;
            case H2 -> ApplicationProtocolNames.HTTP_2;
        };
    }
}
