package lamella.app.imdb;

import lamella.tensor.RandomSource;

import java.util.ArrayList;
import java.util.List;

/// Short reviews made up from a few dozen phrases, the same ones each time: enough to see in seconds
/// that a net learns. What tells good from bad is more than single words, for there is praise with
/// `not` before it, and a review may grant the other side a point.
record SampleReviews() implements ReviewData {
    private static final int TRAIN = 1000;
    private static final int TEST = 250;
    private static final long SEED = 20;

    private static final List<String> PARTS =
            List.of(
                    "the story",
                    "the cast",
                    "the script",
                    "the ending",
                    "the music",
                    "the camera work",
                    "the lead",
                    "the dialogue",
                    "the pacing",
                    "the second half",
                    "the humour",
                    "the set design");
    private static final List<String> GOOD =
            List.of(
                    "delightful",
                    "moving",
                    "brilliant",
                    "charming",
                    "gripping",
                    "clever",
                    "superb",
                    "touching",
                    "hilarious",
                    "a joy",
                    "first-rate",
                    "beautiful");
    private static final List<String> BAD =
            List.of(
                    "dull",
                    "clumsy",
                    "awful",
                    "tedious",
                    "lifeless",
                    "silly",
                    "a mess",
                    "painful",
                    "wooden",
                    "predictable",
                    "second-rate",
                    "ugly");
    private static final List<String> STRONG = List.of("", "", "really ", "quite ", "simply ", "just ");
    private static final List<String> OPENINGS =
            List.of(
                    "I saw this on a rainy Sunday.",
                    "My brother brought it along.",
                    "We went without expecting much.",
                    "It is set in a small town by the sea.",
                    "A retired teacher inherits a lighthouse.",
                    "Two sisters run a bakery in the mountains.",
                    "This one came and went quickly in our cinema.",
                    "It runs for about two hours.",
                    "The director's third film, I believe.",
                    "I had read the book.");
    private static final List<String> GOOD_ENDS =
            List.of(
                    "I would watch it again tomorrow!",
                    "Do not miss it.",
                    "Ten out of ten.",
                    "It stays with you.",
                    "Take the whole family!",
                    "I left the cinema with a smile.");
    private static final List<String> BAD_ENDS =
            List.of(
                    "I want my evening back.",
                    "Do not bother.",
                    "One star is too many.",
                    "We left before it was over.",
                    "Why was this made?",
                    "Save your money!");

    @Override
    public List<Review> train() {
        return make(TRAIN, RandomSource.of(SEED).split("train"));
    }

    @Override
    public List<Review> test() {
        return make(TEST, RandomSource.of(SEED).split("test"));
    }

    private static List<Review> make(int count, RandomSource random) {
        var reviews = new ArrayList<Review>();
        for (int i = 0; i < count; i++) {
            boolean good = i % 2 == 0;
            reviews.add(new Review(text(good, random), good ? 1 : 0));
        }
        return reviews;
    }

    private static String text(boolean good, RandomSource random) {
        var sentences = new ArrayList<String>();
        if (random.nextBoolean()) {
            sentences.add(pick(OPENINGS, random));
        }
        int opinions = 1 + random.nextInt(3);
        for (int i = 0; i < opinions; i++) {
            sentences.add(opinion(good, random));
        }
        if (random.nextInt(3) == 0) {
            sentences.add(pick(good ? GOOD_ENDS : BAD_ENDS, random));
        }
        return String.join(" ", sentences);
    }

    private static String opinion(boolean good, RandomSource random) {
        String first = pick(PARTS, random);
        String start = Character.toUpperCase(first.charAt(0)) + first.substring(1);
        return switch (random.nextInt(5)) {
            case 0 -> start + " is not " + word(!good, random) + " at all.";
            case 1 ->
                    "Though "
                            + first
                            + " is "
                            + word(!good, random)
                            + ", "
                            + pick(PARTS, random)
                            + " is "
                            + word(good, random)
                            + " and "
                            + word(good, random)
                            + ".";
            case 2 -> start + " is " + word(good, random) + " and " + word(good, random) + "!";
            default -> start + " is " + pick(STRONG, random) + word(good, random) + ".";
        };
    }

    private static String word(boolean good, RandomSource random) {
        return pick(good ? GOOD : BAD, random);
    }

    private static String pick(List<String> phrases, RandomSource random) {
        return phrases.get(random.nextInt(phrases.size()));
    }

    @Override
    public String toString() {
        return "sample";
    }
}
