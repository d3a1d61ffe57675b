package dev.sluice.lab.traffic;

/**
 * A port of the service under test, as clients reach it.
 *
 * @param http for connections of HTTP/1.1
 * @param grpc for gRPC's
 */
public record Port(Dialer http, GrpcDialer grpc) {}
