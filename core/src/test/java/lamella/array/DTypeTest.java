package lamella.array;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DTypeTest {
    @Test
    void knowsTheBytesOfAnElement() {
        assertEquals(Float.BYTES, DType.FLOAT32.bytes());
        assertEquals(Integer.BYTES, DType.INT32.bytes());
    }
}
