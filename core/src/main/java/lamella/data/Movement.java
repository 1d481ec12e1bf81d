package lamella.data;

import lamella.tensor.RandomSource;

/// A part of an augmentation that moves pixels.
sealed interface Movement extends Augmentation.Part {
    Affine draw(RandomSource random);

    record Shift(float pixels) implements Movement {
        @Override
        public Affine draw(RandomSource random) {
            double down = Augmentation.between(random, -pixels, pixels);
            return Affine.shift(down, Augmentation.between(random, -pixels, pixels));
        }

        @Override
        public String toString() {
            return "shift(" + pixels + ")";
        }
    }

    record Rotate(float degrees) implements Movement {
        @Override
        public Affine draw(RandomSource random) {
            return Affine.rotate(Math.toRadians(Augmentation.between(random, -degrees, degrees)));
        }

        @Override
        public String toString() {
            return "rotate(" + degrees + ")";
        }
    }

    record Scale(float least, float most) implements Movement {
        @Override
        public Affine draw(RandomSource random) {
            double factor = Augmentation.between(random, least, most);
            return Affine.scale(factor, factor);
        }

        @Override
        public String toString() {
            return "scale(" + least + ", " + most + ")";
        }
    }

    record Flip() implements Movement {
        @Override
        public Affine draw(RandomSource random) {
            return Affine.scale(1, random.nextBoolean() ? -1 : 1);
        }

        @Override
        public String toString() {
            return "flip()";
        }
    }
}
