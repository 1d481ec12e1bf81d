package lamella.app.captioning;

import lamella.app.captioning.data.Part;
import lamella.train.text.CaptionScores;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How good captions are, as [CaptionScores] says, on a number of pictures. Words and marks of punctuation count as
/// words.
record Scores(int pictures, CaptionScores captions) {
    static Scores of(Part part, List<Said> said, Encoding encoding) {
        var candidates = new ArrayList<String>();
        var references = new ArrayList<List<String>>();
        for (int i = 0; i < part.size(); i++) {
            candidates.add(String.join(" ", encoding.tokens(said.get(i).ids())));
            references.add(
                    part.examples().get(i).captions().stream()
                            .map(caption -> String.join(" ", encoding.tokens(caption)))
                            .toList());
        }
        return new Scores(part.size(), CaptionScores.of(candidates, references));
    }

    /// Returns a line for each figure.
    String table() {
        var text = new StringBuilder();
        for (int n = 1; n <= 4; n++) {
            text.append(String.format(Locale.ROOT, "BLEU-%d   %6.2f%n", n, 100 * captions.bleu(n)));
        }
        text.append(String.format(Locale.ROOT, "ROUGE-L  %6.2f%n", 100 * captions.rougeL()));
        text.append(String.format(Locale.ROOT, "CIDEr-D  %6.3f%n", captions.ciderD()));
        return text.toString();
    }

    /// Returns the figures of a training's last line: `exact 0.7123 (713/1001), word F1 0.9402, BLEU-1 91.2, BLEU-4
    /// 80.1`.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "exact %.4f (%d/%d), word F1 %.4f, BLEU-1 %.1f, BLEU-4 %.1f",
                captions.exactMatch(),
                Math.round(captions.exactMatch() * pictures),
                pictures,
                captions.wordF1(),
                100 * captions.bleu(1),
                100 * captions.bleu(4));
    }
}
