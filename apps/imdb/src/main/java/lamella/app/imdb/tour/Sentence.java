package lamella.app.imdb.tour;

import java.util.List;

/// What was said up to a full stop.
///
/// @param words the last is the full stop, which no other is
record Sentence(List<Word> words) {
    /// Copies the list.
    Sentence {
        words = List.copyOf(words);
    }

    /// What can be wrong with a sentence.
    enum Fault {
        /// `Harry met Sally .`
        NONE,
        /// `Harry met Harry .`
        SAME_NAME,
        /// `Harry .`
        TOO_SHORT,
        /// `Harry met Sally met James .`
        TOO_LONG,
        /// Names and `met` do not alternate.
        OTHER
    }

    /// Returns what is wrong. A sentence of the wrong length is that, whatever the names.
    Fault fault() {
        int said = words.size() - 1;
        if (said % 2 == 0 || !alternates()) {
            return Fault.OTHER;
        }
        return switch (said) {
            case 1 -> Fault.TOO_SHORT;
            case 3 -> selfMeetings() > 0 ? Fault.SAME_NAME : Fault.NONE;
            default -> Fault.TOO_LONG;
        };
    }

    private boolean alternates() {
        for (int i = 0; i < words.size() - 1; i++) {
            boolean fits = i % 2 == 0 ? words.get(i).isName() : words.get(i) == Word.MET;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /// Returns how often someone met someone: `met` between two names.
    int meetings() {
        return count(false);
    }

    /// Returns how often someone met themselves.
    int selfMeetings() {
        return count(true);
    }

    private int count(boolean self) {
        int count = 0;
        for (int i = 1; i < words.size() - 1; i++) {
            Word before = words.get(i - 1);
            Word after = words.get(i + 1);
            if (words.get(i) == Word.MET && before.isName() && after.isName() && (!self || before == after)) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return Word.text(words);
    }
}
