/// Tensors and their gradients.
///
/// Read [lamella.tensor.Tensor], then `Op` (how one operation is checked, computed and recorded),
/// then [lamella.tensor.Autograd]. An operation is one record in a family file (`MatrixOps`,
/// `ConvolutionOps`, ...): its shape rule, its kernel call and its gradient.
package lamella.tensor;
