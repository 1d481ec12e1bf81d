/// What an array looks like, without its elements: [lamella.array.Shape], [lamella.array.DType],
/// the options of convolution and pooling, and [lamella.array.ShapeException], which says why two
/// shapes do not fit.
///
/// Read `Shape`, then `ShapeException`, then `Conv2dOptions`.
package lamella.array;
