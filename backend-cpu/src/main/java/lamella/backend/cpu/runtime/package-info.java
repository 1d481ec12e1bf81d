/// What kernels run on: the threads of the backend, and the arrays that it computes in.
///
/// Read [lamella.backend.cpu.runtime.Workers], which runs tasks, then
/// [lamella.backend.cpu.runtime.ArrayPool], which keeps arrays for reuse, then
/// [lamella.backend.cpu.runtime.CpuStorage], the array behind a view.
package lamella.backend.cpu.runtime;
