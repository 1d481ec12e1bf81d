/// How good texts are beside those that people wrote: the usual figures of image captions and translations.
///
/// Read [lamella.train.text.CaptionScores].
package lamella.train.text;
