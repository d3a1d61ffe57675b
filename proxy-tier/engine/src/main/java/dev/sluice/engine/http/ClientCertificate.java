package dev.sluice.engine.http;

/**
 * A client's certificate as servers are told about it.
 *
 * @param encoded as RFC 9440 has it: the DER in base64 between colons
 * @param subject by RFC 2253, ASCII: whatever else is in it stands there escaped
 * @param sha256 of the DER, hexadecimal
 */
public record ClientCertificate(String encoded, String subject, String sha256) {}
