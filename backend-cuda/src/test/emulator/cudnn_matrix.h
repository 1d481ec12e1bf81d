/// The one matrix product behind convolutions and recurrent layers of the emulated cuDNN.
#pragma once

namespace emulator::cudnn {

/// c[m, n] += a[m, k] * b[k, n], all row after row without gaps.
void multiply_add(long m, long n, long k, const double* a, const double* b, double* c);

/// result[columns, rows] = matrix[rows, columns] transposed.
void transpose(long rows, long columns, const double* matrix, double* result);

}  // namespace emulator::cudnn
