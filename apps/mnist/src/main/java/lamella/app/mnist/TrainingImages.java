package lamella.app.mnist;

import lamella.app.common.Background;
import lamella.data.ImageDataset;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The images of a training.
///
/// @param train to learn from
/// @param test to test with; nothing is chosen by them
/// @param sum what [#fingerprint] says; apart, for it takes a quarter as long as reading, and no step waits for it
record TrainingImages(ImageDataset train, ImageDataset test, Background<String> sum) {
    static TrainingImages read(MnistData data) {
        ImageDataset train = data.train();
        return new TrainingImages(train, data.test(), Background.start("fingerprint", () -> sum(train)));
    }

    /// Returns a text that differs for other training images or labels.
    String fingerprint() {
        return sum.get();
    }

    private static String sum(ImageDataset images) {
        var sum = new CRC32C();
        ByteBuffer label = ByteBuffer.allocate(Integer.BYTES);
        for (int i = 0; i < images.size(); i++) {
            sum.update(images.pixels(i));
            sum.update(label.putInt(0, images.label(i)).rewind());
        }
        return "%d images, CRC32C %08x".formatted(images.size(), (int) sum.getValue());
    }
}
