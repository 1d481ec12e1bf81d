package lamella.backend.cuda.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

final class KernelsTest {
    /// As nvcc writes it: pointers, ints, floats, and a structure of 36 bytes, which takes 5 slots.
    @Test
    void readsParametersFromThePtx() {
        String ptx =
                """
                .version 7.0
                .target sm_75
                .visible .entry scale(
                \t.param .u64 scale_param_0,
                \t.param .u32 scale_param_1,
                \t.param .f32 scale_param_2
                )
                {
                }
                .visible .entry spread(
                \t.param .u64 .ptr .align 1 spread_param_0,
                \t.param .align 4 .b8 spread_param_1[36],
                \t.param .u32 spread_param_2
                )
                .maxntid 256
                {
                }
                .visible .entry nothing()
                {
                }
                """;
        Map<String, int[]> found = Kernels.Signatures.of(ptx);
        assertEquals(Set.of("scale", "spread", "nothing"), found.keySet());
        assertArrayEquals(new int[] {0, 1, 2, 3}, found.get("scale"));
        assertArrayEquals(new int[] {0, 1, 6, 7}, found.get("spread"));
        assertArrayEquals(new int[] {0}, found.get("nothing"));
    }

    @Test
    void packsFloatsAndPairsOfIntsIntoSlots() {
        assertEquals(0x3f80_0000L, Kernel.bits(1f));
        assertEquals(0xbf80_0000L, Kernel.bits(-1f));
        assertEquals(0x0000_0002_ffff_ffffL, Kernel.pair(-1, 2));
    }

    @Test
    void roundsSizesOfMemoryToAnEighth() {
        assertEquals(512, DeviceMemory.rounded(0));
        assertEquals(512, DeviceMemory.rounded(512));
        assertEquals(1024, DeviceMemory.rounded(513));
        assertEquals(5120, DeviceMemory.rounded(5000));
        assertEquals(9 << 20, DeviceMemory.rounded((8 << 20) + 1));
        assertEquals(1L << 31, DeviceMemory.rounded((1L << 31) - 5));
    }
}
