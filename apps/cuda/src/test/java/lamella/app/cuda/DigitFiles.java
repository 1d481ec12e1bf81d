package lamella.app.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// A data set that is learnt in no time: digit `n` is a bar at height `2n`, in noise.
final class DigitFiles {
    private static final int SIDE = 28;

    private DigitFiles() {}

    /// Writes so many training and test images, as IDX files.
    static Path write(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        var random = RandomGenerator.of("L64X128MixRandom");
        write(folder, "train", train, random);
        write(folder, "t10k", test, random);
        return folder;
    }

    private static void write(Path folder, String part, int count, RandomGenerator random) throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + count * SIDE * SIDE);
        ByteBuffer labels = ByteBuffer.allocate(8 + count);
        images.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
        labels.putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            int digit = i % 10;
            labels.put((byte) digit);
            for (int y = 0; y < SIDE; y++) {
                boolean bar = y / 2 == digit + 2;
                for (int x = 0; x < SIDE; x++) {
                    images.put((byte) (random.nextInt(40) + (bar ? 200 : 0)));
                }
            }
        }
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
}
