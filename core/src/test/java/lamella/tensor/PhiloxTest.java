package lamella.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /// Source: the known answers that come with Random123, the library of Philox's authors:
    /// `philox4x32 10`, counter 0, key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    @Test
    void givesTheKnownAnswer() {
        assertEquals(0xe169c58d_6627e8d5L, Philox.first64(0, 0));
    }

    @Test
    void everyHalfOfCounterAndKeyCounts() {
        long first = Philox.first64(0, 0);

        assertNotEquals(first, Philox.first64(1, 0));
        assertNotEquals(first, Philox.first64(1L << 32, 0));
        assertNotEquals(first, Philox.first64(0, 1));
        assertNotEquals(first, Philox.first64(0, 1L << 32));
    }

    /// Source: the first output of the published SplitMix64 for the seed 0.
    @Test
    void mixesLikeSplitMix() {
        assertEquals(0xe220a8397b1dcdafL, Philox.mix(0));
    }
}
