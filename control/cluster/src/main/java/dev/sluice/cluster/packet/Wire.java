package dev.sluice.cluster.packet;

/** Numbers and offsets of the headers: docs/wire.md. Offsets are from a header's own start. */
final class Wire {
    static final int ETHERNET_LENGTH = 14;
    static final int ETHERNET_SOURCE = 6;
    static final int ETHERNET_TYPE = 12;
    static final int MAC_LENGTH = 6;
    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_IPV6 = 0x86dd;
    static final int TYPE_VLAN = 0x8100;
    static final int TYPE_QINQ = 0x88a8;
    static final int TAG_LENGTH = 4;
    static final int MAX_TAGS = 2;

    static final int IPV4_LENGTH = 20;
    static final int IPV4_VERSION_IHL = 0;
    static final int IPV4_TOTAL_LENGTH = 2;
    static final int IPV4_ID = 4;
    static final int IPV4_FRAGMENT = 6;
    static final int IPV4_TTL = 8;
    static final int IPV4_PROTOCOL = 9;
    static final int IPV4_CHECKSUM = 10;
    static final int IPV4_SOURCE = 12;
    static final int IPV4_DESTINATION = 16;
    static final int IPV4_ADDRESS = 4;
    static final int PLAIN_VERSION_IHL = 0x45;
    static final int DONT_FRAGMENT = 0x4000;
    static final int FRAGMENT_BITS = 0x3fff;
    static final int FRAGMENT_OFFSET = 0x1fff;
    static final int OUTER_TTL = 64;
    static final int MAX_LENGTH = 0xffff;

    static final int IPV6_LENGTH = 40;
    static final int IPV6_PAYLOAD_LENGTH = 4;
    static final int IPV6_NEXT = 6;
    static final int IPV6_SOURCE = 8;
    static final int IPV6_DESTINATION = 24;
    static final int IPV6_ADDRESS = 16;
    static final int MAX_EXTENSIONS = 8;
    static final int EXTENSION_LENGTH = 8;
    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int AUTHENTICATION = 51;
    static final int DESTINATION_OPTIONS = 60;

    static final int ICMP = 1;
    static final int ICMPV6 = 58;
    static final int IPIP = 4;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int IPV6 = 41;

    static final int PORTS_LENGTH = 4;
    static final int UDP_LENGTH = 8;
    static final int UDP_TOTAL_LENGTH = 4;
    static final int UDP_CHECKSUM = 6;
    static final int TCP_LENGTH = 20;
    static final int TCP_ACKNOWLEDGEMENT = 8;
    static final int TCP_FLAGS = 13;
    static final int ICMP_LENGTH = 8;
    static final int ICMP_UNREACHABLE = 3;
    static final int ICMP_SOURCE_QUENCH = 4;
    static final int ICMP_REDIRECT = 5;
    static final int ICMP_TIME_EXCEEDED = 11;
    static final int ICMP_PARAMETER_PROBLEM = 12;
    static final int ICMP_TOO_BIG_CODE = 4;
    static final int ICMPV6_UNREACHABLE = 1;
    static final int ICMPV6_TOO_BIG = 2;
    static final int ICMPV6_PARAMETER_PROBLEM = 4;
    static final int ICMPV6_ECHO_REQUEST = 128;
    static final int ICMPV6_ECHO_REPLY = 129;

    static final int GUE_PORT = 19523;
    static final int GUE_LENGTH = 4;
    static final int PRIVATE_GLB = 0;
    static final int PRIVATE_SLUICE = 1;
    static final int PRIVATE_SLUICE6 = 2;
    static final int PRIVATE_HEAD_LENGTH = 4;
    static final int PRIVATE_NEXT = 2;
    static final int PRIVATE_COUNT = 3;
    static final int STAMP_LENGTH = 12;
    static final int STAMP_RESCUES = 1;
    static final int STAMP_GENERATION = 4;

    private Wire() {}
}
