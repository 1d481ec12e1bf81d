package lamella.app.captioning;

import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;

import lamella.app.common.Texts;
import lamella.io.SpecJson;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A net that makes captions: its sizes, without weights.
///
/// @param kind how the picture is told to the words
/// @param encoder makes a map of features of a picture
/// @param embedding the length of a word's vector
/// @param hidden units of the LSTM
/// @param attention units of the attention's small net
/// @param dropout the rate at which numbers are dropped around the LSTM
/// @param tied whether words are judged by the vectors that they are told with
record Design(Kind kind, LayerSpec encoder, int embedding, int hidden, int attention, float dropout, boolean tied) {
    /// How the picture is told to the words.
    enum Kind {
        /// Once, before the first word.
        TELL,
        /// Before each word, the regions that matter for it.
        ATTEND;

        static Kind named(String name) {
            return switch (name) {
                case "attend" -> ATTEND;
                case "tell" -> TELL;
                default ->
                        throw new IllegalArgumentException("no net named '%s'; known: [attend, tell]".formatted(name));
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String KIND = "caption.net";
    private static final String ENCODER = "caption.encoder";
    private static final String EMBEDDING = "caption.embedding";
    private static final String HIDDEN = "caption.hidden";
    private static final String ATTENTION = "caption.attention";
    private static final String DROPOUT = "caption.dropout";
    private static final String TIED = "caption.tied";

    /// Returns an encoder of residual blocks, after He et al., "Deep residual learning for image recognition", CVPR
    /// 2016. Its first layer halves height and width, and so does the first block of every group but the first one.
    ///
    /// @param blocks blocks of a group
    /// @param widths channels of each group
    static LayerSpec encoder(int blocks, int... widths) {
        var layers = new ArrayList<LayerSpec>();
        layers.add(conv2d(widths[0], 5).stride(2).padding(2).withoutBias());
        layers.add(batchNorm());
        layers.add(relu());
        for (int group = 0; group < widths.length; group++) {
            for (int block = 0; block < blocks; block++) {
                boolean halves = group > 0 && block == 0;
                layers.add(
                        halves
                                ? residual(body(widths[group], 2), shortcut(widths[group]))
                                : residual(body(widths[group], 1)));
                layers.add(relu());
            }
        }
        return sequential(layers.toArray(LayerSpec[]::new));
    }

    private static LayerSpec body(int width, int stride) {
        return sequential(
                conv2d(width, 3).padding(1).stride(stride).withoutBias(),
                batchNorm(),
                relu(),
                conv2d(width, 3).padding(1).withoutBias(),
                batchNorm());
    }

    private static LayerSpec shortcut(int width) {
        return sequential(conv2d(width, 1).stride(2).withoutBias(), batchNorm());
    }

    /// Returns this as texts, for the metadata of a model file.
    ///
    /// @param layers the kinds of layers that the encoder is written with
    Map<String, String> toMetadata(LayerCatalog layers) {
        var fields = new LinkedHashMap<String, String>();
        fields.put(KIND, kind.toString());
        fields.put(ENCODER, SpecJson.text(encoder, layers));
        fields.put(EMBEDDING, Integer.toString(embedding));
        fields.put(HIDDEN, Integer.toString(hidden));
        fields.put(ATTENTION, Integer.toString(attention));
        fields.put(DROPOUT, Float.toString(dropout));
        fields.put(TIED, Boolean.toString(tied));
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Design of(Map<String, String> metadata, LayerCatalog layers) {
        return new Design(
                Kind.named(Texts.get(metadata, KIND)),
                SpecJson.parse(ENCODER, Texts.get(metadata, ENCODER), layers),
                Texts.count(metadata, EMBEDDING, 1),
                Texts.count(metadata, HIDDEN, 1),
                Texts.count(metadata, ATTENTION, 1),
                Texts.number(metadata, DROPOUT),
                Texts.flag(metadata, TIED));
    }
}
