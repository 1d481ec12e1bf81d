/// What kernels run on: the device, its memory, its streams, and the native libraries.
///
/// Read [lamella.backend.cuda.runtime.Device], which issues work, then
/// [lamella.backend.cuda.runtime.CudaStorage], the memory behind a view,
/// [lamella.backend.cuda.runtime.DeviceMemory], which keeps memory for reuse,
/// [lamella.backend.cuda.runtime.Transfers], which copies to the device and back.
package lamella.backend.cuda.runtime;
