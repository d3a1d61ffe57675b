package dev.sluice.engine.discovery;

import io.netty.handler.codec.dns.DnsRecordType;

/** Asks DNS. Blocks: for virtual threads. */
interface DnsClient {

    /** The records of one type, and aliases on the way to them. */
    DnsAnswer ask(String name, DnsRecordType type) throws DnsException, InterruptedException;
}
