package lamella.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The known answers are those of Random123 (Salmon et al.), file kat_vectors, philox4x32 with 10
/// rounds.
final class PhiloxTest {
    private static int[] block(long low, long high, long key) {
        int[] words = new int[4];
        Philox.block(low, high, key, words, 0);
        return words;
    }

    @Test
    void givesThePublishedAnswers() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0));
        assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1, -1, -1));
        assertArrayEquals(
                new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                block(0x85a308d3243f6a88L, 0x0370734413198a2eL, 0x299f31d0a4093822L));
    }

    @Test
    void countsBlocksInTheLowerHalfOfTheCounter() {
        int[] words = new int[8];
        Philox.blocks(0xFFFFFFFFL, 5, 2, words);
        int[] second = {words[4], words[5], words[6], words[7]};
        assertArrayEquals(block(0x100000000L, 0, 5), second);
    }

    @Test
    void uniformTakesTheUpperBits() {
        assertEquals(0f, Philox.uniform(0xFF));
        assertEquals(0.5f, Philox.uniform(0x80000000));
        assertEquals(0x0.ffffffp0f, Philox.uniform(-1));
    }
}
