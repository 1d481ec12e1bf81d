package lamella.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as people read them.
final class Figures {
    private Figures() {}

    /// Four significant digits at most: 0.83, 1234, 0.00001235.
    static String brief(double number) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        return number == 0
                ? "0"
                : new BigDecimal(number).round(new MathContext(4)).stripTrailingZeros().toPlainString();
    }

    /// A fraction as a percentage with two decimals: 98.72 %.
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
    }
}
