/// The backend SPI: what a device must be able to do with arrays. It knows nothing of tensors,
/// gradients or layers.
///
/// Read [lamella.backend.BackendProvider], [lamella.backend.Backend], [lamella.backend.View], then
/// the kernel interfaces. The contract of every kernel: shapes were checked by the caller; all of
/// `out` is overwritten; `out` shares no storage with an input unless the method says so; nothing
/// is kept between calls; the result depends on the inputs alone, never on the number of threads.
/// An array of float32 unless the method says int32.
package lamella.backend;
