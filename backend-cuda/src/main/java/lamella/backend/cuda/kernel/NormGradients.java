package lamella.backend.cuda.kernel;

import lamella.backend.View;

/// The gradient that comes into a normalisation, and those that it gives.
///
/// @param output with respect to its result
/// @param input with respect to x
/// @param scale with respect to the scale
/// @param shift with respect to the shift
record NormGradients(View output, View input, View scale, View shift) {}
