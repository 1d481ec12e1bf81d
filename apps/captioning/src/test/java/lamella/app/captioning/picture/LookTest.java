package lamella.app.captioning.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class LookTest {
    @Test
    void theLargestWeightIsShownAsStronglyAsCanBe() {
        float[] weights = {0.5f, 0.25f, 0.125f, 0.125f, 0, 0, 0, 0};
        float[] strengths = {1, 0.5f, 0.25f, 0.25f, 0, 0, 0, 0};
        assertArrayEquals(strengths, new Look("dog", weights).strengths());
    }

    @Test
    void evenWeightsAreFaint() {
        float[] weights = new float[16];
        float[] strengths = new float[16];
        Arrays.fill(weights, 1 / 16f);
        Arrays.fill(strengths, 0.25f);
        assertArrayEquals(strengths, new Look("a", weights).strengths());
        assertArrayEquals(new float[] {1}, new Look("a", new float[] {1}).strengths());
    }
}
