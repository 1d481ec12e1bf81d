package lamella.app.mnist;

import lamella.data.ImageDataset;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The images of a training.
///
/// @param train to learn from
/// @param test to test with; nothing is chosen by them
/// @param fingerprint a text that differs for other training images or labels
record TrainingImages(ImageDataset train, ImageDataset test, String fingerprint) {
    static TrainingImages read(MnistData data) {
        ImageDataset train = data.train();
        return new TrainingImages(train, data.test(), fingerprint(train));
    }

    private static String fingerprint(ImageDataset images) {
        var sum = new CRC32C();
        ByteBuffer label = ByteBuffer.allocate(Integer.BYTES);
        for (int i = 0; i < images.size(); i++) {
            sum.update(images.pixels(i));
            sum.update(label.putInt(0, images.label(i)).rewind());
        }
        return "%d images, CRC32C %08x".formatted(images.size(), (int) sum.getValue());
    }
}
