/// The layer SPI and the layers that every net needs.
///
/// A layer comes in two halves: the spec is the recipe, an immutable record without weights
/// ([lamella.nn.LayerSpec]); the layer is built from it ([lamella.nn.Layer]) and gets its parameters
/// from a [lamella.nn.Scope], which knows the path. [lamella.nn.Model] builds a whole net. A module
/// that adds layers provides a [lamella.nn.LayerProvider].
package lamella.nn;
