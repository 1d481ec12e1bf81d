package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class ProgressLineTest {
    private static final ProgressLine LINE =
            new ProgressLine(
                    3, 12, 0.5, List.of("loss 0.0612", "accuracy 0.9815"), "48,210 images/s", Duration.ofSeconds(101));

    @Test
    void showsEverythingWhereThereIsRoom() {
        assertEquals(
                "epoch  3/12 ###############---------------  50%  loss 0.0612  accuracy 0.9815"
                        + "  48,210 images/s  1:41 left",
                LINE.render(120, '#', '-'));
    }

    @Test
    void shrinksTheBarThenDropsPartsFromTheRight() {
        assertEquals(
                "epoch  3/12 ######-----  50%  loss 0.0612  accuracy 0.9815" + "  48,210 images/s  1:41 left",
                LINE.render(86, '#', '-'));
        assertEquals("epoch  3/12 ###---  50%  loss 0.0612  accuracy 0.9815", LINE.render(53, '#', '-'));
        assertEquals("epoch  3/12  50%  loss 0.0612", LINE.render(30, '#', '-'));
        assertEquals("epoch  3", LINE.render(8, '#', '-'));
    }

    @Test
    void neverIsLongerThanTheWidth() {
        for (int width = 1; width < 130; width++) {
            int most = width;
            String line = LINE.render(width, '#', '-');
            assertTrue(line.length() <= width, () -> most + ": " + line);
        }
    }

    @Test
    void fillsTheBarAtTheEnd() {
        var end = new ProgressLine(1, 1, 1, List.of(), "1 x/s", Duration.ZERO);
        assertEquals("epoch 1/1 " + "#".repeat(30) + " 100%  1 x/s  0:00 left", end.render(80, '#', '-'));
    }

    @Test
    void clockHasHoursOnlyIfThereAreSome() {
        assertEquals("0:07", ProgressLine.clock(Duration.ofMillis(7400)));
        assertEquals("59:59", ProgressLine.clock(Duration.ofSeconds(3599)));
        assertEquals("1:00:01", ProgressLine.clock(Duration.ofSeconds(3601)));
    }
}
