package lamella.backend.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class TilesTest {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 9, 31, 32, 33, 100, 255, 256, 257, 1000, 5000, 100_003};

    @Test
    void coversTheArrayWithoutEmptyParts() {
        for (int outer : SIZES) {
            for (int extent : SIZES) {
                for (int inner : SIZES) {
                    if ((long) outer * extent * inner < Integer.MAX_VALUE) {
                        check(Tiles.of(outer, extent, inner));
                    }
                }
            }
        }
    }

    private static void check(Tiles tiles) {
        int groups = 256 >> tiles.widthBits() + tiles.laneBits();
        assertTrue(groups >= 1, tiles::toString);
        assertTrue((long) tiles.parts() * tiles.chunk() >= tiles.extent(), tiles::toString);
        assertTrue((long) (tiles.parts() - 1) * tiles.chunk() < tiles.extent(), tiles::toString);
        long blocks =
                (long) Math.ceilDiv(tiles.outer(), groups)
                        * Math.ceilDiv(tiles.inner(), 1 << tiles.widthBits())
                        * tiles.parts();
        assertEquals(blocks, tiles.blocks());
    }

    @Test
    void loadsWholeLinesOfWideRows() {
        assertTrue(Tiles.of(1, 1_000_000, 64).widthBits() >= 5);
        assertEquals(8, Tiles.of(1, 4, 1000).widthBits());
    }

    @Test
    void sharesALongColumnOutAmongBlocks() {
        assertEquals(1, Tiles.of(1000, 1000, 1).parts());
        assertEquals(512, Tiles.of(1, 100_000_000, 1).parts());
        assertEquals(256, Tiles.of(1, 1_000_000, 64).parts());
    }

    @Test
    void combinesNothingInOneBlock() {
        assertEquals(new Tiles(1, 0, 5, 3, 0, 1, 0), Tiles.of(1, 0, 5));
        assertEquals(1, Tiles.of(1, 0, 5).blocks());
    }
}
