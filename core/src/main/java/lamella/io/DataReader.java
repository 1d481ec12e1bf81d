package lamella.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Little-endian numbers out of a file, at places that the caller has checked.
final class DataReader implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final FileChannel channel;
    private final long size;

    private DataReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /// Opens a regular file; a pipe or device might never end.
    static DataReader open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "not a regular file");
        }
        return new DataReader(FileChannel.open(file, StandardOpenOption.READ));
    }

    /// Returns the size of the file in bytes.
    long size() {
        return size;
    }

    /// Returns the length that the file begins with.
    long length() throws IOException {
        return read(0, ByteBuffer.allocate(Long.BYTES)).getLong();
    }

    byte[] bytes(long position, int count) throws IOException {
        return read(position, ByteBuffer.allocate(count)).array();
    }

    float[] floats(long position, int count) throws IOException {
        float[] elements = new float[count];
        var chunk = ByteBuffer.allocate(CHUNK_BYTES);
        for (int done = 0; done < count; ) {
            int part = Math.min(count - done, CHUNK_BYTES / Float.BYTES);
            chunk.clear().limit(part * Float.BYTES);
            read(position + (long) done * Float.BYTES, chunk);
            chunk.asFloatBuffer().get(elements, done, part);
            done += part;
        }
        return elements;
    }

    int[] ints(long position, int count) throws IOException {
        int[] elements = new int[count];
        var chunk = ByteBuffer.allocate(CHUNK_BYTES);
        for (int done = 0; done < count; ) {
            int part = Math.min(count - done, CHUNK_BYTES / Integer.BYTES);
            chunk.clear().limit(part * Integer.BYTES);
            read(position + (long) done * Integer.BYTES, chunk);
            chunk.asIntBuffer().get(elements, done, part);
            done += part;
        }
        return elements;
    }

    /// Fills the buffer and makes it ready for reading.
    private ByteBuffer read(long position, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
