package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.imdb.tour.VanishingGradient.Curve;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class GradientChartTest {
    /// Falls from 1 by a power of ten every 25 steps.
    private static Curve curve(String name) {
        double[] norms = new double[VanishingGradient.STEPS];
        Arrays.setAll(norms, distance -> Math.pow(10, -distance / 25.0));
        return new Curve(name, norms);
    }

    @Test
    void drawsEachCurveWithItsNameFromTopLeftToItsEnd() {
        String svg = new GradientChart(List.of(curve("first"), curve("second"))).toSvg();
        List<String> drawn = svg.lines().filter(line -> line.startsWith("<polyline")).toList();
        assertEquals(2, drawn.size());
        for (String line : drawn) {
            String[] points = line.replaceAll(".*points=\"|\"/>", "").split(" ");
            assertEquals(VanishingGradient.STEPS, points.length);
            assertEquals("70.0,54.0", points[0]);
            // 500 wide for 100 steps, 332 high for 5 powers of ten: at step 50 halfway across, and 2 powers down
            assertEquals("320.0,186.8", points[50]);
        }
        assertTrue(svg.contains(">first</text>"), svg);
        assertTrue(svg.contains(">second</text>"), svg);
        assertTrue(svg.contains(">× 0.91 a step</text>"), svg);
    }

    @Test
    void namesItsAxes() {
        String svg = new GradientChart(List.of(curve("only"))).toSvg();
        assertTrue(svg.contains(">distance T − t, steps</text>"), svg);
        assertTrue(svg.contains(">mean norm of ∂loss/∂hₜ, before any training</text>"), svg);
        List<String> marks = List.of("1", "10⁻⁵", "0", "20", "40", "60", "80", "100");
        marks.forEach(mark -> assertTrue(svg.contains(">" + mark + "</text>"), mark));
    }
}
