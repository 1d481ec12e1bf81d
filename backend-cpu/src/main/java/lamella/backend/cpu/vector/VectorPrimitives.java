package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

/// The inner loops on the Vector API: whole vectors here, the tail in plain loops that do the same
/// arithmetic.
final class VectorPrimitives implements Primitives {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /// Elements that one call of a loop handles. Only to start quickly: until C2 has compiled it, a vector loop makes an
    /// object of each vector, and it is compiled after some number of calls, or after far more rounds of one call.
    private static final int BLOCK = 256;

    private final ApartLoop exp = ApartLoop.of(VectorMaps::exp);
    private final ApartLoop log = ApartLoop.of(VectorMaps::log);
    private final ApartLoop tanh = ApartLoop.of(VectorMaps::tanh);
    private final ApartLoop sigmoid = ApartLoop.of(VectorMaps::sigmoid);
    private final ApartLoop gelu = ApartLoop.of(VectorStages::gelu);
    private final ApartLoop silu = ApartLoop.of(VectorMaps::silu);
    private final ApartLoop softplus = ApartLoop.of(VectorStages::softplus);
    private final PlainPrimitives plain;

    VectorPrimitives(PlainPrimitives plain) {
        this.plain = plain;
    }

    @Override
    public void unary(Unary op, float alpha, float[] x, int xi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            unaryBlock(op, alpha, x, xi + i, out, oi + i, Math.min(BLOCK, n - i));
        }
    }

    private void unaryBlock(Unary op, float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int done =
                switch (op) {
                    case NEGATE -> VectorMaps.negate(x, xi, out, oi, n);
                    case ABSOLUTE -> VectorMaps.absolute(x, xi, out, oi, n);
                    case EXP -> exp.run(x, xi, out, oi, n);
                    case LOG -> log.run(x, xi, out, oi, n);
                    case SQRT -> VectorMaps.sqrt(x, xi, out, oi, n);
                    case SQUARE -> VectorMaps.square(x, xi, out, oi, n);
                    case RECIPROCAL -> VectorMaps.reciprocal(x, xi, out, oi, n);
                    case TANH -> tanh.run(x, xi, out, oi, n);
                    case SIGMOID -> sigmoid.run(x, xi, out, oi, n);
                    case RELU -> VectorMaps.relu(x, xi, out, oi, n);
                    case LEAKY_RELU -> VectorMaps.leakyRelu(alpha, x, xi, out, oi, n);
                    case ELU -> VectorMaps.elu(alpha, x, xi, out, oi, n);
                    case GELU -> gelu.run(x, xi, out, oi, n);
                    case SILU -> silu.run(x, xi, out, oi, n);
                    case SOFTPLUS -> softplus.run(x, xi, out, oi, n);
                    case POWER -> 0;
                    case SCALE -> VectorMaps.scale(alpha, x, xi, out, oi, n);
                    case SHIFT -> VectorMaps.shift(alpha, x, xi, out, oi, n);
                    case AT_LEAST -> VectorMaps.atLeast(alpha, x, xi, out, oi, n);
                    case AT_MOST -> VectorMaps.atMost(alpha, x, xi, out, oi, n);
                };
        plain.unary(op, alpha, x, xi + done, out, oi + done, n - done);
    }

    @Override
    public void unaryGradient(
            Unary op,
            float alpha,
            float[] x,
            int xi,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int oi,
            int n) {
        for (int i = 0; i < n; i += BLOCK) {
            gradientBlock(op, alpha, x, xi + i, y, yi + i, g, gi + i, out, oi + i, Math.min(BLOCK, n - i));
        }
    }

    private void gradientBlock(
            Unary op,
            float alpha,
            float[] x,
            int xi,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int oi,
            int n) {
        int done =
                switch (op) {
                    case NEGATE -> VectorMaps.negate(g, gi, out, oi, n);
                    case ABSOLUTE -> VectorGradients.absolute(x, xi, g, gi, out, oi, n);
                    case EXP -> VectorPairs.multiply(g, gi, y, yi, out, oi, n);
                    case LOG -> VectorGradients.log(x, xi, g, gi, out, oi, n);
                    case SQRT -> VectorGradients.sqrt(y, yi, g, gi, out, oi, n);
                    case SQUARE -> VectorGradients.square(x, xi, g, gi, out, oi, n);
                    case RECIPROCAL -> VectorGradients.reciprocal(y, yi, g, gi, out, oi, n);
                    case TANH -> VectorGradients.tanh(y, yi, g, gi, out, oi, n);
                    case SIGMOID -> VectorGradients.sigmoid(y, yi, g, gi, out, oi, n);
                    case RELU -> VectorGradients.above(0f, y, yi, g, gi, out, oi, n);
                    case LEAKY_RELU -> VectorGradients.leakyRelu(alpha, x, xi, g, gi, out, oi, n);
                    case ELU -> VectorGradients.elu(alpha, x, xi, g, gi, out, oi, n);
                    case GELU -> VectorStages.geluGradient(x, xi, g, gi, out, oi, n);
                    case SILU -> VectorStages.siluGradient(x, xi, g, gi, out, oi, n);
                    case SOFTPLUS -> VectorGradients.softplus(x, xi, g, gi, out, oi, n);
                    case POWER -> 0;
                    case SCALE -> VectorMaps.scale(alpha, g, gi, out, oi, n);
                    case SHIFT -> {
                        System.arraycopy(g, gi, out, oi, n);
                        yield n;
                    }
                    case AT_LEAST -> VectorGradients.above(alpha, x, xi, g, gi, out, oi, n);
                    case AT_MOST -> VectorGradients.below(alpha, x, xi, g, gi, out, oi, n);
                };
        plain.unaryGradient(op, alpha, x, xi + done, y, yi + done, g, gi + done, out, oi + done, n - done);
    }

    @Override
    public void binary(Binary op, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int done =
                switch (op) {
                    case ADD -> VectorPairs.add(a, ai, b, bi, out, oi, n);
                    case SUBTRACT -> VectorPairs.subtract(a, ai, b, bi, out, oi, n);
                    case MULTIPLY -> VectorPairs.multiply(a, ai, b, bi, out, oi, n);
                    case DIVIDE -> VectorPairs.divide(a, ai, b, bi, out, oi, n);
                    case MAXIMUM -> VectorPairs.maximum(a, ai, b, bi, out, oi, n);
                    case MINIMUM -> VectorPairs.minimum(a, ai, b, bi, out, oi, n);
                    case EQUAL -> VectorPairs.equal(a, ai, b, bi, out, oi, n);
                    case GREATER -> VectorPairs.greater(a, ai, b, bi, out, oi, n);
                };
        plain.binary(op, a, ai + done, b, bi + done, out, oi + done, n - done);
    }

    @Override
    public void binaryRight(Binary op, float[] a, int ai, float b, float[] out, int oi, int n) {
        int done =
                switch (op) {
                    case ADD -> VectorPairs.add(a, ai, b, out, oi, n);
                    case SUBTRACT -> VectorPairs.subtract(a, ai, b, out, oi, n);
                    case MULTIPLY -> VectorPairs.multiply(a, ai, b, out, oi, n);
                    case DIVIDE -> VectorPairs.divide(a, ai, b, out, oi, n);
                    case MAXIMUM -> VectorPairs.maximum(a, ai, b, out, oi, n);
                    case MINIMUM -> VectorPairs.minimum(a, ai, b, out, oi, n);
                    case EQUAL -> VectorPairs.equal(a, ai, b, out, oi, n);
                    case GREATER -> VectorPairs.greater(a, ai, b, out, oi, n);
                };
        plain.binaryRight(op, a, ai + done, b, out, oi + done, n - done);
    }

    @Override
    public void binaryLeft(Binary op, float a, float[] b, int bi, float[] out, int oi, int n) {
        int done =
                switch (op) {
                    case ADD -> VectorPairs.add(b, bi, a, out, oi, n);
                    case SUBTRACT -> VectorPairs.subtract(a, b, bi, out, oi, n);
                    case MULTIPLY -> VectorPairs.multiply(b, bi, a, out, oi, n);
                    case DIVIDE -> VectorPairs.divide(a, b, bi, out, oi, n);
                    case MAXIMUM -> VectorPairs.maximum(b, bi, a, out, oi, n);
                    case MINIMUM -> VectorPairs.minimum(b, bi, a, out, oi, n);
                    case EQUAL -> VectorPairs.equal(b, bi, a, out, oi, n);
                    case GREATER -> VectorPairs.greater(a, b, bi, out, oi, n);
                };
        plain.binaryLeft(op, a, b, bi + done, out, oi + done, n - done);
    }

    @Override
    public void select(float[] condition, int ci, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            var chosen = FloatVector.fromArray(SPECIES, condition, ci + i).compare(VectorOperators.NE, 0f);
            FloatVector.fromArray(SPECIES, b, bi + i)
                    .blend(FloatVector.fromArray(SPECIES, a, ai + i), chosen)
                    .intoArray(out, oi + i);
        }
        plain.select(condition, ci + bound, a, ai + bound, b, bi + bound, out, oi + bound, n - bound);
    }

    @Override
    public void normalize(float[] x, int xi, float less, float factor, float more, float[] out, int oi, int n) {
        FloatVector scale = FloatVector.broadcast(SPECIES, factor);
        FloatVector shift = FloatVector.broadcast(SPECIES, more);
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, x, xi + i).sub(less).fma(scale, shift).intoArray(out, oi + i);
        }
        plain.normalize(x, xi + bound, less, factor, more, out, oi + bound, n - bound);
    }

    @Override
    public void combine(
            float[] a, int ai, float factor, float[] b, int bi, float other, float more, float[] out, int oi, int n) {
        FloatVector first = FloatVector.broadcast(SPECIES, factor);
        FloatVector second = FloatVector.broadcast(SPECIES, other);
        FloatVector shift = FloatVector.broadcast(SPECIES, more);
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector rest = FloatVector.fromArray(SPECIES, b, bi + i).fma(second, shift);
            FloatVector.fromArray(SPECIES, a, ai + i).fma(first, rest).intoArray(out, oi + i);
        }
        plain.combine(a, ai + bound, factor, b, bi + bound, other, more, out, oi + bound, n - bound);
    }

    @Override
    public double sum(float[] x, int xi, int n) {
        int bound = SPECIES.loopBound(n);
        double sum = 0;
        for (int i = 0; i < bound; i += VectorSums.BLOCK) {
            sum += VectorSums.sum(x, xi + i, Math.min(VectorSums.BLOCK, bound - i));
        }
        return sum + plain.sum(x, xi + bound, n - bound);
    }

    @Override
    public double squares(float[] x, int xi, float less, int n) {
        int bound = SPECIES.loopBound(n);
        double sum = 0;
        for (int i = 0; i < bound; i += VectorSums.BLOCK) {
            sum += VectorSums.squares(x, xi + i, less, Math.min(VectorSums.BLOCK, bound - i));
        }
        return sum + plain.squares(x, xi + bound, less, n - bound);
    }

    @Override
    public double dot(float[] a, int ai, float[] b, int bi, float less, int n) {
        int bound = SPECIES.loopBound(n);
        double sum = 0;
        for (int i = 0; i < bound; i += VectorSums.BLOCK) {
            int count = Math.min(VectorSums.BLOCK, bound - i);
            sum += VectorSums.dot(a, ai + i, b, bi + i, less, count);
        }
        return sum + plain.dot(a, ai + bound, b, bi + bound, less, n - bound);
    }

    @Override
    public float maximum(float[] x, int xi, int n) {
        int bound = SPECIES.loopBound(n);
        float tail = plain.maximum(x, xi + bound, n - bound);
        return bound == 0 ? tail : Math.max(VectorSums.maximum(x, xi, bound), tail);
    }

    @Override
    public float minimum(float[] x, int xi, int n) {
        int bound = SPECIES.loopBound(n);
        float tail = plain.minimum(x, xi + bound, n - bound);
        return bound == 0 ? tail : Math.min(VectorSums.minimum(x, xi, bound), tail);
    }

    @Override
    public void maximum2x2(float[] x, int top, int bottom, float[] out, int oi, int n) {
        if (VectorWindows.fits(n)) {
            VectorWindows.maximum2x2(x, top, bottom, out, oi, n);
        } else {
            plain.maximum2x2(x, top, bottom, out, oi, n);
        }
    }

    @Override
    public void maximum2x2Gradient(
            float[] x,
            int top,
            int bottom,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int outTop,
            int outBottom,
            int n) {
        VectorWindows.maximum2x2Gradient(x, top, bottom, y, yi, g, gi, out, outTop, outBottom, n);
    }
}
