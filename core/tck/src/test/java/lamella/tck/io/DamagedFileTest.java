package lamella.tck.io;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.io.ModelFile;
import lamella.io.ModelFileException;
import lamella.io.SafeTensors;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A model file with bytes missing or changed is an exception of one line or reads like any other,
/// whatever is damaged.
class DamagedFileTest {
    private static final LayerSpec NET =
            sequential(named("first", dense(3)), tanh(), dropout(0.5f), dense(2).withoutBias());

    @TempDir Path folder;
    private final ReferenceBackend backend = ReferenceBackend.create();
    private final LayerCatalog catalog = LayerCatalog.installed();
    private final RandomSource random = RandomSource.of(20_250_101);
    private byte[] good;

    @BeforeEach
    void save() {
        Path file = folder.resolve("good");
        Model model = Model.build(NET, Shape.of(4), backend, 1);
        ModelFile.save(file, model, catalog, List.of(), Map.of("epoch", "3"));
        good = RawFile.read(file);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void everyPrefixIsRejected() {
        Path file = folder.resolve("prefix");
        for (int length = 0; length < good.length; length++) {
            RawFile.write(file, Arrays.copyOf(good, length));
            var e = assertThrows(ModelFileException.class, () -> ModelFile.open(file));
            assertOneLine(e);
        }
        RawFile.write(file, Arrays.copyOf(good, good.length + 1));
        assertOneLine(assertThrows(ModelFileException.class, () -> ModelFile.open(file)));
    }

    private static void assertOneLine(ModelFileException e) {
        String message = e.getMessage();
        assertTrue(message.startsWith("checkpoint: "), message);
        assertFalse(message.chars().anyMatch(Character::isISOControl), message);
        assertTrue(message.length() < 1500, message);
    }

    @Test
    void changedBytesAreRejectedOrHarmless() {
        int rejected = 0;
        for (int i = 0; i < 4000; i++) {
            rejected += readsOrRejects(mutated(good)) ? 0 : 1;
        }
        assertTrue(rejected > 2000, "rejected " + rejected);
    }

    private byte[] mutated(byte[] bytes) {
        int header = 8 + RawFile.header(bytes).length();
        byte[] changed = bytes.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(header);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt(256);
                case 2 -> changed[at] = changed[random.nextInt(header)];
                case 3 -> changed[at] = (byte) "0123456789{}[],:\"-.e\\ ".charAt(random.nextInt(22));
                default -> swap(changed, at, random.nextInt(header));
            }
        }
        return changed;
    }

    private static void swap(byte[] bytes, int i, int j) {
        byte kept = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = kept;
    }

    /// Reads all that can be read; returns whether the file passed for a good one.
    private boolean readsOrRejects(byte[] bytes) {
        Path file = RawFile.write(folder.resolve("changed"), bytes);
        try {
            ModelFile read = ModelFile.open(file);
            for (SafeTensors.Entry entry : read.tensors().tensors()) {
                int count =
                        entry.type() == DType.FLOAT32
                                ? read.tensors().floats(entry.name()).length
                                : read.tensors().ints(entry.name()).length;
                assertEquals(entry.shape().size(), count);
            }
            return true;
        } catch (ModelFileException e) {
            assertOneLine(e);
            return false;
        }
    }

    /// Whole pieces of the header repeated, cut out or exchanged for numbers that lie.
    @Test
    void changedTextsAreRejectedOrHarmless() {
        String[] lies = {
            "-1",
            "0",
            "1",
            "3",
            "4",
            "24",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "1e9",
            "0.5",
            "1e999",
            "null",
            "[]",
            "{}",
            "\"\"",
            "true"
        };
        for (int i = 0; i < 2000; i++) {
            String header = RawFile.header(good).stripTrailing();
            String[] parts = header.split("(?<=[\\[\\]{},:])|(?=[\\[\\]{},:])");
            int at = random.nextInt(parts.length);
            switch (random.nextInt(4)) {
                case 0 -> parts[at] = lies[random.nextInt(lies.length)];
                case 1 -> parts[at] = "";
                case 2 -> parts[at] = parts[at] + parts[at];
                default -> parts[at] = parts[random.nextInt(parts.length)];
            }
            readsOrRejects(withHeader(String.join("", parts)));
        }
    }

    private byte[] withHeader(String header) {
        int data = 8 + RawFile.header(good).length();
        byte[] bytes = RawFile.bytes(header, good.length - data);
        System.arraycopy(good, data, bytes, bytes.length - (good.length - data), good.length - data);
        return bytes;
    }

    /// Numbers and words of the net's recipe changed: it fits neither itself nor the tensors.
    @Test
    void changedRecipesAreRejectedOrHarmless() {
        String[] lies = {
            "-1",
            "0",
            "1",
            "2",
            "3",
            "2147483647",
            "4294967296",
            "1e30",
            "0.25",
            "null",
            "[]",
            "{}",
            "\\\"dense\\\"",
            "true",
            "\\\"relu\\\"",
            "\\\"layer\\\"",
            "[4]",
            "\\\"x\\\""
        };
        int rejected = 0;
        for (int i = 0; i < 2000; i++) {
            String header = RawFile.header(good).stripTrailing();
            int spec = header.indexOf("lamella.input");
            int end = header.indexOf("}]}\"", spec);
            String[] parts = header.substring(spec, end).split("(?<=[\\[\\]{},:])|(?=[\\[\\]{},:])");
            parts[4 + random.nextInt(parts.length - 4)] = lies[random.nextInt(lies.length)];
            Path file = folder.resolve("recipe");
            RawFile.write(file, withHeader(header.substring(0, spec) + String.join("", parts) + header.substring(end)));
            try {
                ModelFile.open(file).model(catalog, backend);
            } catch (ModelFileException e) {
                assertOneLine(e);
                rejected++;
            }
        }
        assertTrue(rejected > 1000, "rejected " + rejected);
    }

    @Test
    void headerLengthsThatLieAreRejected() {
        int header = RawFile.header(good).length();
        Path file = folder.resolve("length");
        for (int length = 0; length < good.length; length++) {
            byte[] bytes = good.clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            RawFile.write(file, bytes);
            if (length != header) {
                assertOneLine(assertThrows(ModelFileException.class, () -> ModelFile.open(file)));
            }
        }
    }
}
