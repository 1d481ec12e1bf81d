package lamella.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// Little-endian numbers into a file, one after the other.
final class DataWriter {
    private static final int CHUNK_BYTES = 1 << 16;

    private final FileChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    DataWriter(FileChannel channel) {
        this.channel = channel;
    }

    void length(long length) throws IOException {
        write(chunk.clear().putLong(length).flip());
    }

    void bytes(byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    void floats(float[] elements) throws IOException {
        for (int done = 0; done < elements.length; ) {
            int part = Math.min(elements.length - done, CHUNK_BYTES / Float.BYTES);
            chunk.clear().asFloatBuffer().put(elements, done, part);
            write(chunk.limit(part * Float.BYTES));
            done += part;
        }
    }

    void ints(int[] elements) throws IOException {
        for (int done = 0; done < elements.length; ) {
            int part = Math.min(elements.length - done, CHUNK_BYTES / Integer.BYTES);
            chunk.clear().asIntBuffer().put(elements, done, part);
            write(chunk.limit(part * Integer.BYTES));
            done += part;
        }
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
