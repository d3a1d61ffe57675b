package dev.sluice.cluster.config;

import dev.sluice.cluster.pool.Address;

/** A CIDR block such as {@code 198.18.0.0/16}; a bare address is the block of itself alone. */
public record AddressBlock(Address address, int prefixBits) {

    public AddressBlock {
        if (prefixBits < 0 || prefixBits > address.bits()) {
            throw new IllegalArgumentException(
                    "prefix of " + prefixBits + " bits: allowed are 0 to " + address.bits());
        }
        if (!address.equals(masked(address, prefixBits))) {
            throw new IllegalArgumentException(
                    address + " has bits set behind its prefix of " + prefixBits + " bits");
        }
    }

    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            Address address = Address.parse(text);
            return new AddressBlock(address, address.bits());
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("prefix '" + bits + "' is not a number of bits");
        }
        return new AddressBlock(Address.parse(text.substring(0, slash)), Integer.parseInt(bits));
    }

    public boolean contains(Address other) {
        return other.bits() == address.bits() && masked(other, prefixBits).equals(address);
    }

    /** Whether every address of the other one is in it. */
    public boolean holds(AddressBlock other) {
        return other.prefixBits >= prefixBits && contains(other.address);
    }

    private static Address masked(Address address, int prefixBits) {
        byte[] bytes = address.bytes();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefixBits - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        return Address.of(bytes);
    }

    @Override
    public String toString() {
        return address + "/" + prefixBits;
    }
}
