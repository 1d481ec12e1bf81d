package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.EmojiData;
import lamella.app.captioning.data.Part;
import lamella.app.common.Plugins;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.data.Batching;
import lamella.nn.Mode;
import lamella.optim.Clip;
import lamella.optim.Optimizers;
import lamella.train.Trainer;

import java.util.List;
import java.util.stream.IntStream;

/// Sixteen emoji and a small net that learns their names by heart.
record Overfit(Part part, Encoding encoding, Captioner captioner) {
    private static final List<Integer> CELLS = IntStream.range(0, 16).mapToObj(i -> 3 + 170 * i).toList();

    /// Builds a net that has learnt nothing.
    static Overfit untrained(Backend backend, Design.Kind kind, boolean tied) {
        Part all = EmojiData.compositions().train();
        List<Captioned> few = CELLS.stream().map(all.examples()::get).toList();
        var part = new Part("few", all.picture(), few);
        Encoding encoding = Encoding.learn(part, false, 1, 30);
        Design design = new Design(kind, Design.encoder(1, 12, 24, 32), 32, 64, 24, 0, tied);
        var picture = Pixels.plain(part.picture()).input();
        return new Overfit(part, encoding, Captioner.build(design, picture, encoding.vocabulary().size(), backend, 1));
    }

    /// Returns the same net with other pictures, whose words it knows.
    Overfit with(List<Captioned> pictures) {
        return new Overfit(new Part(part.name(), part.picture(), pictures), encoding, captioner);
    }

    /// Trains for some epochs of two steps each.
    Overfit train(int epochs, Captioner.Taught taught) {
        var examples = CaptionDataset.of(part, encoding, Pixels.plain(part.picture()));
        Trainer.of(
                        captioner.parameters(),
                        batch -> captioner.loss(batch, encoding, Mode.training() ? taught : Captioner.Taught.PLAIN),
                        Optimizers.adamW(4e-3))
                .batching(Batching.of(8))
                .clip(Clip.byNorm(2))
                .seed(1)
                .fit(examples, epochs);
        return this;
    }

    Scores scores(Saying saying) {
        return new Describer(captioner, encoding, saying).scores(part);
    }

    List<Said> said(Saying saying, boolean keepWeights) {
        return new Describer(captioner, encoding, saying).describe(part.picture(), part.examples(), keepWeights);
    }

    static Backend cpu() {
        return Plugins.load().backends().open("cpu", BackendOptions.defaults());
    }
}
