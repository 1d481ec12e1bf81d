/// Whole sequences through recurrent cells, forward and back through time.
///
/// Read [lamella.backend.cpu.recurrent.CpuRecurrentKernels], then `StepRows`, which says where a step
/// of a sequence stands in the matrices, `ForwardPass` and `BackwardPass`, which are the same for all
/// cells, and `LstmSteps` for what a cell does in one step.
package lamella.backend.cpu.recurrent;
