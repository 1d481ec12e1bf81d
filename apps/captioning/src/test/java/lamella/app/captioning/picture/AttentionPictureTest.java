package lamella.app.captioning.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.common.Photo;

import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import javax.imageio.ImageIO;

class AttentionPictureTest {
    private static final int WHITE = 0xffffffff;
    private static final int GREY = 0xff808080;

    private static Photo plain(int width, int height, int color) {
        int[] argb = new int[width * height];
        Arrays.fill(argb, color);
        return new Photo(width, height, argb);
    }

    private static BufferedImage draw(Photo photo, Look... looks) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(AttentionPicture.png(photo, 2, 2, List.of(looks))));
    }

    private static Look look(String word) {
        return new Look(word, new float[] {1, 0, 0, 0});
    }

    @Test
    void keepsTheProportionsOfThePicture() {
        assertEquals(new AttentionPicture(192, 96, 4), AttentionPicture.layout(plain(20, 10, GREY), 3));
        assertEquals(new AttentionPicture(96, 192, 5), AttentionPicture.layout(plain(500, 1000, GREY), 30));
        assertEquals(new AttentionPicture(192, 192, 1), AttentionPicture.layout(plain(1, 1, GREY), 0));
        assertEquals(new AttentionPicture(192, 48, 2), AttentionPicture.layout(plain(1000, 1, GREY), 1));
    }

    @Test
    void showsThePictureFirst() throws IOException {
        BufferedImage page = draw(plain(20, 10, GREY));
        assertEquals(8 + 192 + 8, page.getWidth());
        assertEquals(8 + 96 + 24 + 8, page.getHeight());
        assertEquals(WHITE, page.getRGB(7, 8));
        assertEquals(GREY, page.getRGB(8, 8));
        assertEquals(GREY, page.getRGB(199, 103));
        assertEquals(WHITE, page.getRGB(200, 103));
    }

    @Test
    void isTintedWhereTheNetLookedAndDarkElsewhere() throws IOException {
        BufferedImage page = draw(plain(10, 10, GREY), look("dog"));
        // 128 + 0.35 · (tint − 128)
        assertEquals(0xffac7d53, page.getRGB(208, 8));
        // 0.3 · 128
        assertEquals(0xff262626, page.getRGB(399, 8));
        assertEquals(0xff262626, page.getRGB(208, 199));
        assertEquals(0xff262626, page.getRGB(399, 199));
    }

    /// No step is larger than what a pixel's part of the way from one region to the next makes.
    @Test
    void isSmoothBetweenRegions() throws IOException {
        BufferedImage page = draw(plain(10, 10, GREY), look("dog"));
        int last = page.getRGB(208, 8) & 0xff;
        for (int x = 209; x < 400; x++) {
            int blue = page.getRGB(x, 8) & 0xff;
            assertTrue(blue <= last && last - blue <= 2, "at " + x + ": " + last + ", " + blue);
            last = blue;
        }
    }

    private static boolean hasInk(BufferedImage page, int left, int top, int width, int height) {
        int[] pixels = page.getRGB(left, top, width, height, null, 0, width);
        return Arrays.stream(pixels).anyMatch(pixel -> (pixel & 0xff) < 0x80);
    }

    @Test
    void writesTheWordBelow() throws IOException {
        BufferedImage page = draw(plain(10, 10, GREY), look("dog"), look(" "));
        assertFalse(hasInk(page, 0, 200, 208, 24));
        assertTrue(hasInk(page, 208 + 80, 200, 32, 24));
        assertFalse(hasInk(page, 408, 200, 192, 24));
    }

    @Test
    void cutsWordsThatAreWiderThanThePicture() throws IOException {
        BufferedImage page = draw(plain(10, 10, GREY), look("\ud83c\udfac".repeat(5) + "w".repeat(500)), look("i"));
        assertFalse(hasInk(page, 400, 200, 8, 24));
        assertFalse(hasInk(page, 200, 200, 8, 24));
    }

    @Test
    void breaksLongCaptionsIntoLines() throws IOException {
        BufferedImage page = draw(plain(10, 10, GREY), Collections.nCopies(500, look("a")).toArray(Look[]::new));
        assertEquals(8 + 5 * 200, page.getWidth());
        assertEquals(8 + 101 * 224, page.getHeight());
        assertEquals(0xffac7d53, page.getRGB(8, 8 + 100 * 224));
        assertEquals(WHITE, page.getRGB(208, 8 + 100 * 224));
    }

    @Test
    void laysWhatIsTransparentOnWhite() throws IOException {
        assertEquals(WHITE, draw(plain(10, 10, 0)).getRGB(100, 100));
    }

    @Test
    void refusesWeightsOfOtherRegions() {
        var looks = List.of(look("a"), new Look("dog", new float[3]));
        assertEquals(
                "attention: 'dog' has 3 weights for 2 x 2 regions",
                assertThrows(IllegalArgumentException.class, () -> AttentionPicture.png(plain(1, 1, GREY), 2, 2, looks))
                        .getMessage());
    }
}
