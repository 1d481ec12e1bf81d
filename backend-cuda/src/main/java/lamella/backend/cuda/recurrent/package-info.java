/// Recurrent nets by cuDNN: all steps of a layer in one call.
///
/// Read [lamella.backend.cuda.recurrent.CudaRecurrentKernels], then `ForwardCall` and `GradientCall`,
/// `RecurrentPlan`, which has the descriptors for one set of sizes, `WeightSpace`, which brings weights
/// into cuDNN's layout, and `Sequences`, which does what cuDNN leaves to do.
package lamella.backend.cuda.recurrent;
