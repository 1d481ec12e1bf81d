/// Layers for images `[N, C, H, W]`: convolution, pooling and normalisation.
///
/// Read [lamella.layers.cnn.CnnLayers] (the recipes by their short names), then one layer, such as
/// [lamella.layers.cnn.Conv2d], then [lamella.layers.cnn.CnnModels]: whole nets. In a model file each
/// layer is named by its kind (`conv2d`) and its fields by the names of the recipe's parameters; a
/// size for both directions is one number (`"kernel": 3`), or two where they differ
/// (`"kernelHeight": 1, "kernelWidth": 3`).
package lamella.layers.cnn;
