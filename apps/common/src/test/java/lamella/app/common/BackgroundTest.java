package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;

class BackgroundTest {
    @Test
    void isMadeOnAThreadOfItsName() {
        assertEquals("data", Background.start("data", () -> Thread.currentThread().getName()).get());
    }

    @Test
    void throwsWhatItsMakerThrew() {
        var failure = new IllegalArgumentException("no such file");
        var failing =
                Background.<String>start(
                        "data",
                        () -> {
                            throw failure;
                        });
        assertSame(failure, assertThrows(IllegalArgumentException.class, failing::get));
        var error = new OutOfMemoryError();
        var broken =
                Background.<String>start(
                        "data",
                        () -> {
                            throw error;
                        });
        assertSame(error, assertThrows(OutOfMemoryError.class, broken::get));
    }

    @Test
    void saysWhatItWaitedForWhenInterrupted() {
        var never = new CountDownLatch(1);
        var slow =
                Background.start(
                        "data",
                        () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return "";
                        });
        Thread.currentThread().interrupt();
        assertEquals(
                "interrupted while waiting for data",
                assertThrows(IllegalStateException.class, slow::get).getMessage());
        assertTrue(Thread.interrupted());
        never.countDown();
    }
}
