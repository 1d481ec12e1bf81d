/// Products of matrices: how they are cut into blocks and tasks, and the innermost loops.
///
/// Read [lamella.backend.cpu.matrix.Gemm], then [lamella.backend.cpu.matrix.GemmKernels], which
/// says what the innermost loops do, then `GemmKernelsPlain`. Of the vector loops behind
/// `GemmKernelsVector` begin with `GemmTile`, which says why they look as they do.
package lamella.backend.cpu.matrix;
