/// The inner loops over ranges of arrays, twice: on the Vector API, and as plain loops for the tails
/// and for where its module is missing.
///
/// Read [lamella.backend.cpu.vector.Primitives], which says what loops there are and chooses, then
/// [lamella.backend.cpu.vector.ScalarFunctions] and [lamella.backend.cpu.vector.ScalarMath], which
/// define the functions on one element, then `PlainPrimitives` and `VectorPrimitives`.
package lamella.backend.cpu.vector;
