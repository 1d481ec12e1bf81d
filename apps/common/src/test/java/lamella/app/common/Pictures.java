package lamella.app.common;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;

/// Picture files that the tests are made with.
final class Pictures {
    private Pictures() {}

    static byte[] encode(BufferedImage image, String format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("no writer of " + format + " takes this image");
        }
        return bytes.toByteArray();
    }

    /// Returns a JPEG file of one colour with four channels, 16 x 16 pixels. The encoder writes no head that says what
    /// they are; it is put in here.
    ///
    /// @param adobeTransform 0 for inks, inverted, and 2 for their luma and chroma, as programs of Adobe write them
    static byte[] inks(int adobeTransform, int... samples) throws IOException {
        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, samples);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
        byte[] bare = bytes.toByteArray();
        var file = new ByteArrayOutputStream();
        file.write(bare, 0, 2);
        file.writeBytes(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0});
        file.write(adobeTransform);
        file.write(bare, 2, bare.length - 2);
        return file.toByteArray();
    }
}
