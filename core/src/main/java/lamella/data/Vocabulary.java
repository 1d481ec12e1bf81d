package lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The words that a net knows, numbered from 0. The first of them, [#UNKNOWN], stands for all others.
///
/// {@snippet :
/// Words words = Words.standard();
/// Vocabulary vocabulary = Vocabulary.mostFrequent(20_000, reviews.stream().map(words::in));
/// int[] ids = vocabulary.ids(words.in("A film like no other."));
/// }
public final class Vocabulary {
    /// The word with id 0: one that is not known.
    public static final String UNKNOWN = "<unknown>";

    private final List<String> words;
    private final Map<String, Integer> ids = new HashMap<>();

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        for (int id = 0; id < words.size(); id++) {
            String word = words.get(id);
            if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException(
                        "vocabulary: word %d is '%s', empty or with a blank".formatted(id, word));
            }
            Integer before = ids.put(word, id);
            if (before != null) {
                throw new IllegalArgumentException(
                        "vocabulary: '%s' comes twice, as %d and as %d".formatted(word, before, id));
            }
        }
    }

    /// Returns the most frequent words: [#UNKNOWN], the marks, then words by falling frequency, equally
    /// frequent ones in alphabetical order (by their UTF-16 codes).
    ///
    /// @param size the most words in all; fewer if the texts have fewer
    /// @param texts the words of one text after the other
    /// @param marks words that a program puts in by itself, such as `<begin>` and `<end>`
    /// @throws IllegalArgumentException if the size leaves no room for a word
    public static Vocabulary mostFrequent(int size, Stream<List<String>> texts, String... marks) {
        int room = size - 1 - marks.length;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "vocabulary: size must be at least %d, for the unknown word%s and a known one, got %d"
                            .formatted(marks.length + 2, marks.length == 0 ? "" : ", the marks", size));
        }
        var all = new ArrayList<String>();
        all.add(UNKNOWN);
        all.addAll(Arrays.asList(marks));
        var counts = new HashMap<String, Integer>();
        texts.forEachOrdered(text -> text.forEach(word -> counts.merge(word, 1, Integer::sum)));
        all.forEach(counts::remove);
        counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(room)
                .forEach(entry -> all.add(entry.getKey()));
        return new Vocabulary(all);
    }

    /// Returns a vocabulary of these words behind [#UNKNOWN].
    ///
    /// @throws IllegalArgumentException if one comes twice, is empty or has a blank
    public static Vocabulary of(String... words) {
        var all = new ArrayList<String>();
        all.add(UNKNOWN);
        all.addAll(Arrays.asList(words));
        return new Vocabulary(all);
    }

    /// Reads what [#toText] wrote.
    ///
    /// @throws IllegalArgumentException if it does not begin with [#UNKNOWN], or a word comes twice or is
    ///   empty
    public static Vocabulary parse(String text) {
        List<String> words = List.of(text.split(" ", -1));
        if (!words.getFirst().equals(UNKNOWN)) {
            throw new IllegalArgumentException(
                    "vocabulary: the first word must be %s, got '%s'".formatted(UNKNOWN, words.getFirst()));
        }
        return new Vocabulary(words);
    }

    /// Returns the words with a blank between them, for the metadata of a model file.
    public String toText() {
        return String.join(" ", words);
    }

    /// Returns the number of words, [#UNKNOWN] and marks included: what an embedding needs.
    public int size() {
        return words.size();
    }

    /// Tells whether a word is known; [#UNKNOWN] and marks are.
    public boolean contains(String word) {
        return ids.containsKey(word);
    }

    /// Returns a word's number, 0 for one that is not known.
    public int id(String word) {
        return ids.getOrDefault(word, 0);
    }

    /// Returns the numbers of words, 0 for those that are not known.
    public int[] ids(List<String> words) {
        return words.stream().mapToInt(this::id).toArray();
    }

    /// Returns the word with a number.
    ///
    /// @throws IndexOutOfBoundsException if there is none
    public String word(int id) {
        return words.get(id);
    }

    /// Tells whether it is a vocabulary of the same words in the same order.
    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary vocabulary && words.equals(vocabulary.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    @Override
    public String toString() {
        return "vocabulary of %d words".formatted(words.size());
    }
}
