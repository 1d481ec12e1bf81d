package lamella.app.captioning;

import lamella.app.captioning.data.Part;
import lamella.app.common.Texts;
import lamella.data.Vocabulary;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How captions become numbers for a net, and its numbers captions. It travels in the model file.
///
/// @param vocabulary numbers the words
/// @param lowerCase whether capital letters become small ones
/// @param longest the most tokens of a caption, its end not counted
record Encoding(Vocabulary vocabulary, boolean lowerCase, int longest) {
    private static final String BEGIN = "<begin>";
    private static final String END = "<end>";
    private static final String VOCABULARY = "caption.vocabulary";
    private static final String LOWER_CASE = "caption.lowerCase";
    private static final String LONGEST = "caption.longest";

    /// Makes an encoding of the words that come often enough in some captions.
    ///
    /// @param rarest how often a word must come, to be known
    /// @param longest the most tokens of a caption; fewer where all are shorter
    static Encoding learn(Part part, boolean lowerCase, int rarest, int longest) {
        List<List<String>> captions =
                part.examples().stream()
                        .flatMap(example -> example.captions().stream())
                        .map(caption -> Tokens.in(caption, lowerCase))
                        .toList();
        var counts = new LinkedHashMap<String, Integer>();
        captions.forEach(caption -> caption.forEach(token -> counts.merge(token, 1, Integer::sum)));
        int known = (int) counts.values().stream().filter(count -> count >= rarest).count();
        if (known == 0) {
            throw new IllegalArgumentException(
                    "%s: no word comes %d times in the %,d captions".formatted(part.name(), rarest, captions.size()));
        }
        int most = captions.stream().mapToInt(List::size).max().orElse(1);
        return new Encoding(
                Vocabulary.mostFrequent(known + 3, captions.stream(), BEGIN, END),
                lowerCase,
                Math.min(longest, Math.max(1, most)));
    }

    int begin() {
        return vocabulary.id(BEGIN);
    }

    int end() {
        return vocabulary.id(END);
    }

    /// Tells whether a word stands in captions: all do but the one that is not known and the mark of the beginning.
    boolean isSaid(int id) {
        return id != 0 && id != begin();
    }

    /// Returns the tokens of a caption, all of them.
    List<String> tokens(String caption) {
        return Tokens.in(caption, lowerCase);
    }

    /// Returns the numbers of a caption's tokens, the mark of its end last.
    int[] ids(String caption) {
        List<String> tokens = tokens(caption);
        int[] ids = vocabulary.ids(tokens.subList(0, Math.min(longest, tokens.size())));
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = end();
        return ended;
    }

    /// Returns the tokens with these numbers, up to the mark of the end.
    List<String> tokens(int[] ids) {
        return Arrays.stream(ids).takeWhile(id -> id != end()).mapToObj(vocabulary::word).toList();
    }

    /// Returns the caption with these numbers, as people write it.
    String text(int[] ids) {
        return Tokens.text(tokens(ids));
    }

    /// Returns this as texts, for the metadata of a model file.
    Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put(VOCABULARY, vocabulary.toText());
        fields.put(LOWER_CASE, Boolean.toString(lowerCase));
        fields.put(LONGEST, Integer.toString(longest));
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Encoding of(Map<String, String> metadata) {
        Vocabulary vocabulary = Vocabulary.parse(Texts.get(metadata, VOCABULARY));
        for (String mark : List.of(BEGIN, END)) {
            if (!vocabulary.contains(mark)) {
                throw new IllegalArgumentException(VOCABULARY + " has no " + mark);
            }
        }
        return new Encoding(vocabulary, Texts.flag(metadata, LOWER_CASE), Texts.count(metadata, LONGEST, 1));
    }
}
