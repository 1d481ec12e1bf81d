package lamella.data;

import lamella.tensor.RandomSource;

/// A part of an augmentation that changes colours where they are.
sealed interface Retouch extends Augmentation.Part {
    void apply(Picture picture, RandomSource random);

    record Brightness(float most) implements Retouch {
        @Override
        public void apply(Picture picture, RandomSource random) {
            double level = Picture.WHITE * Augmentation.between(random, -most, most);
            for (int channel = 0; channel < picture.channels(); channel++) {
                picture.change(channel, 1, level);
            }
        }

        @Override
        public String toString() {
            return "brightness(" + most + ")";
        }
    }

    record Contrast(float least, float most) implements Retouch {
        @Override
        public void apply(Picture picture, RandomSource random) {
            double factor = Augmentation.between(random, least, most);
            double level = (1 - factor) * picture.mean();
            for (int channel = 0; channel < picture.channels(); channel++) {
                picture.change(channel, factor, level);
            }
        }

        @Override
        public String toString() {
            return "contrast(" + least + ", " + most + ")";
        }
    }

    record Gain(float least, float most) implements Retouch {
        @Override
        public void apply(Picture picture, RandomSource random) {
            for (int channel = 0; channel < picture.channels(); channel++) {
                picture.change(channel, Augmentation.between(random, least, most), 0);
            }
        }

        @Override
        public String toString() {
            return "gain(" + least + ", " + most + ")";
        }
    }

    /// @param share of the images whose background has a random colour; that of the others is white
    record Background(float share) implements Retouch {
        @Override
        public void apply(Picture picture, RandomSource random) {
            // drawn in any case, so that the parts behind it do not depend on the share
            boolean white = random.nextDouble() >= share;
            for (int channel = 0; channel < picture.channels(); channel++) {
                double level = Augmentation.between(random, 0, Picture.WHITE);
                picture.fill(channel, white ? Picture.WHITE : level);
            }
            picture.opaque();
        }

        @Override
        public String toString() {
            return share == 0 ? "whiteBackground()" : "randomBackground(" + share + ")";
        }
    }
}
