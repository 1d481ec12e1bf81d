package lamella.app.common;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// The samples of a grey image as they are. `getRGB` would treat them as linear light and brighten them.
final class GreySamples {
    private final Raster raster;
    private final boolean alpha;
    private final float white;

    private GreySamples(BufferedImage image) {
        raster = image.getRaster();
        alpha = image.getColorModel().getTransparency() != Transparency.OPAQUE;
        boolean wide = raster.getSampleModel().getDataType() == DataBuffer.TYPE_USHORT;
        white = (1 << (wide ? 16 : image.getColorModel().getComponentSize(0))) - 1;
    }

    static boolean in(BufferedImage image) {
        var colors = image.getColorModel();
        return colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY && !(colors instanceof IndexColorModel);
    }

    static GreySamples of(BufferedImage image) {
        return new GreySamples(image);
    }

    /// Returns a pixel's value, from 0 (black) to 1 (white).
    float value(int x, int y) {
        return raster.getSample(x, y, 0) / white;
    }

    /// Returns how opaque a pixel is, from 0 to 1.
    float cover(int x, int y) {
        return alpha ? raster.getSample(x, y, 1) / white : 1;
    }
}
