// What every kernel file begins with.
#pragma once

// A kernel that the backend starts by its name.
#define KERNEL extern "C" __global__ void

// Runs the body for each i in [0, n), whatever the grid: n is an int, so i does not overflow.
#define FOR_EACH(i, n) \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned)(n); i += gridDim.x * blockDim.x)

// Threads of a block in kernels that combine results of its threads; Device.THREADS.
#define THREADS 256
