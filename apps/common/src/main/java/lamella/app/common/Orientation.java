package lamella.app.common;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import javax.imageio.stream.ImageInputStream;

/// How a camera was held: what is to be done to the pixels of its file so that the picture is upright.
///
/// Source: "Exchangeable image file format for digital still cameras: Exif 2.32", CIPA DC-008-2019, 4.6.4 (tag
/// Orientation) and 4.7.2 (APP1).
///
/// @param transposed whether the rows of the file are columns of the picture
/// @param backwards whether the rows of the file are read from right to left
/// @param upwards whether the columns of the file are read from bottom to top
record Orientation(boolean transposed, boolean backwards, boolean upwards) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int START_OF_IMAGE = 0xffd8;
    private static final int START_OF_SCAN = 0xffda;
    private static final int FILLING = 0xffff;
    private static final int APP1 = 0xffe1;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_DIRECTORY = 4;
    private static final int ENTRY_BYTES = 12;
    private static final int TAG = 0x0112;

    /// Returns what a value of the tag says; upright if it says nothing that is known.
    ///
    /// @param value 1 to 8: where the first row and the first column of the file are in the picture: top left, top
    ///   right, bottom right, bottom left, left top, right top, right bottom, left bottom
    static Orientation of(int value) {
        return switch (value) {
            case 2 -> new Orientation(false, true, false);
            case 3 -> new Orientation(false, true, true);
            case 4 -> new Orientation(false, false, true);
            case 5 -> new Orientation(true, false, false);
            case 6 -> new Orientation(true, false, true);
            case 7 -> new Orientation(true, true, true);
            case 8 -> new Orientation(true, true, false);
            default -> UPRIGHT;
        };
    }

    /// Reads the orientation of a JPEG file, and leaves the stream where it was: at the start. Other files are upright,
    /// and so are those in which it is missing or broken.
    static Orientation read(ImageInputStream in) throws IOException {
        in.mark();
        try {
            return in.readUnsignedShort() == START_OF_IMAGE ? inSegments(in) : UPRIGHT;
        } catch (EOFException e) {
            return UPRIGHT;
        } finally {
            in.reset();
        }
    }

    private static Orientation inSegments(ImageInputStream in) throws IOException {
        while (true) {
            int marker = in.readUnsignedShort();
            while (marker == FILLING) {
                marker = 0xff00 | in.readUnsignedByte();
            }
            int length = in.readUnsignedShort() - 2;
            if (marker >>> 8 != 0xff || marker == START_OF_SCAN || length < 0) {
                return UPRIGHT;
            }
            if (marker == APP1) {
                byte[] segment = new byte[length];
                in.readFully(segment);
                if (Arrays.equals(segment, 0, Math.min(length, EXIF.length), EXIF, 0, EXIF.length)) {
                    return inExif(ByteBuffer.wrap(segment, EXIF.length, length - EXIF.length).slice());
                }
            } else {
                in.seek(in.getStreamPosition() + length);
            }
        }
    }

    private static Orientation inExif(ByteBuffer tiff) {
        try {
            tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = tiff.getInt(FIRST_DIRECTORY);
            int entries = Short.toUnsignedInt(tiff.getShort(directory));
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + i * ENTRY_BYTES;
                if (Short.toUnsignedInt(tiff.getShort(entry)) == TAG) {
                    return of(tiff.getShort(entry + 8));
                }
            }
        } catch (IndexOutOfBoundsException e) {
            return UPRIGHT; // it points behind its end
        }
        return UPRIGHT;
    }

    /// Returns an image upright.
    BufferedImage apply(BufferedImage image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        Raster from = image.getRaster();
        int width = from.getWidth();
        int height = from.getHeight();
        WritableRaster to =
                from.createCompatibleWritableRaster(transposed ? height : width, transposed ? width : height);
        Object pixel = null;
        for (int row = 0; row < height; row++) {
            int down = upwards ? height - 1 - row : row;
            for (int column = 0; column < width; column++) {
                int along = backwards ? width - 1 - column : column;
                pixel = from.getDataElements(from.getMinX() + column, from.getMinY() + row, pixel);
                to.setDataElements(transposed ? down : along, transposed ? along : down, pixel);
            }
        }
        return new BufferedImage(image.getColorModel(), to, image.isAlphaPremultiplied(), null);
    }
}
