/// The conformance kit, for tests: what a backend must do ([lamella.tck.BackendTck]), what a layer must do
/// ([lamella.tck.LayerTck]), and one that works on sequences besides ([lamella.tck.SequenceTck]), and whether a
/// gradient is right ([lamella.tck.GradCheck]).
///
/// The oracle of all is [lamella.tck.ReferenceBackend]: plain loops in double precision, to be checked by reading.
/// [lamella.tck.CheckedBackend] watches over the contract of kernels around any backend.
package lamella.tck;
