/// Layers for sequences, batch first: `[N, T, features]`, with lengths that leave padding out
/// ([lamella.nn.Sequences]).
///
/// Read [lamella.layers.rnn.RnnLayers] (the recipes by their short names), then the recurrent layers: a cell, such as
/// [lamella.layers.rnn.LstmCell], is one step; its recipe, [lamella.layers.rnn.Lstm], says how many of them there are and
/// which way they read; [lamella.layers.rnn.RecurrentLayer] runs sequences through them. Then what stands around them:
/// [lamella.layers.rnn.Embedding] before, [lamella.layers.rnn.TimePool] or [lamella.layers.rnn.AttentionPool] behind,
/// [lamella.layers.rnn.TransformerEncoder] in their place, and [lamella.layers.rnn.CtcLoss] for labels that are not
/// aligned with the steps. In a model file each layer is named by its kind (`lstm`) and its fields by the names of the
/// recipe's parameters.
package lamella.layers.rnn;
