package lamella.app.imdb.tour;

import lamella.app.imdb.tour.VanishingGradient.Curve;

import java.util.List;
import java.util.Locale;

/// The curves of [VanishingGradient] as a drawing that stands by itself (SVG): the distance across, the norm upwards, in
/// powers of ten, and each curve's name at its end.
///
/// @param curves at most 4
record GradientChart(List<Curve> curves) {
    private static final List<String> COLOURS = List.of("#c2410c", "#a16207", "#1d4ed8", "#047857");

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 70;
    private static final int RIGHT = 190;
    private static final int TOP = 54;
    private static final int BOTTOM = 54;

    /// Powers of ten from mark to mark.
    private static final int DECADES = 5;

    private static final int DISTANCES = 20;
    private static final String DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// Copies the list.
    GradientChart {
        curves = List.copyOf(curves);
    }

    String toSvg() {
        var svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="sans-serif"
                  aria-label="The norm of the gradient over the distance in time, of %d cells">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """
                        .formatted(WIDTH, HEIGHT, curves.size()));
        text(svg, LEFT, 24, "start", "#111827", 16, "What is left of the gradient");
        text(svg, LEFT, 43, "start", "#4b5563", 12, "mean norm of ∂loss/∂hₜ, before any training");
        for (int power = 0; power >= lowest(); power -= DECADES) {
            double y = y(power);
            line(svg, LEFT, y, WIDTH - RIGHT, y, "#e5e7eb");
            text(svg, LEFT - 8, y + 4, "end", "#4b5563", 12, powerOfTen(power));
        }
        int bottom = HEIGHT - BOTTOM;
        for (int distance = 0; distance <= distances(); distance += DISTANCES) {
            line(svg, x(distance), bottom, x(distance), bottom + 5, "#4b5563");
            text(svg, x(distance), bottom + 20, "middle", "#4b5563", 12, Integer.toString(distance));
        }
        line(svg, LEFT, bottom, WIDTH - RIGHT, bottom, "#4b5563");
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "#4b5563", 12, "distance T − t, steps");
        for (int i = 0; i < curves.size(); i++) {
            draw(svg, curves.get(i), COLOURS.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Curve curve, String colour) {
        svg.append("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2.2\" points=\"".formatted(colour));
        double[] norms = curve.norms();
        for (int distance = 0; distance < norms.length; distance++) {
            svg.append(distance == 0 ? "" : " ");
            svg.append(at(x(distance))).append(',').append(at(y(Math.log10(norms[distance]))));
        }
        svg.append("\"/>\n");
        double end = x(norms.length - 1) + 8;
        double y = y(Math.log10(norms[norms.length - 1]));
        text(svg, end, y - 2, "start", colour, 13, curve.name());
        String factor = String.format(Locale.ROOT, "× %.2f a step", curve.factor());
        text(svg, end, y + 13, "start", "#4b5563", 12, factor);
    }

    private int lowest() {
        double least =
                curves.stream().mapToDouble(c -> Math.log10(c.norms()[c.norms().length - 1])).min().orElseThrow();
        return (int) Math.floor(least / DECADES) * DECADES;
    }

    private static int distances() {
        return VanishingGradient.STEPS;
    }

    private static double x(double distance) {
        return LEFT + distance / distances() * (WIDTH - RIGHT - LEFT);
    }

    private double y(double power) {
        return TOP + power / lowest() * (HEIGHT - BOTTOM - TOP);
    }

    private static String powerOfTen(int power) {
        if (power == 0) {
            return "1";
        }
        var text = new StringBuilder("10⁻");
        Integer.toString(-power).chars().forEach(digit -> text.append(DIGITS.charAt(digit - '0')));
        return text.toString();
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String fill, int size, String text) {
        svg.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>\n"
                        .formatted(at(x), at(y), anchor, fill, size, text));
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
        svg.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n"
                        .formatted(at(x1), at(y1), at(x2), at(y2), colour));
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
