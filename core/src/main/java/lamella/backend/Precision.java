package lamella.backend;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// In what matrix products, convolutions and recurrent nets are computed. Arrays, sums and
/// parameters are float32 in all of them.
public enum Precision {
    /// float32 throughout.
    FLOAT32,
    /// Operands rounded to 10 bits of mantissa with the exponent of float32, as tensor cores take
    /// them; sums in float32.
    TF32,
    /// Operands rounded to 7 bits of mantissa with the exponent of float32; sums in float32. As the
    /// exponent has the range of float32 and parameters stay float32, no loss needs scaling.
    BFLOAT16;

    /// Returns the precision with this name, as a user writes it: `float32`, `tf32`, `bfloat16`.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Precision named(String name) {
        for (Precision precision : values()) {
            if (precision.toString().equals(name)) {
                return precision;
            }
        }
        String names = Arrays.stream(values()).map(Precision::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("precision must be one of " + names + ", got '" + name + "'");
    }

    /// Returns the name as a user writes it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
