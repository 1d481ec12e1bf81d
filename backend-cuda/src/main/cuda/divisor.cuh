// Division by a number that the host knows; Divisor.java computes the structure.
#pragma once

#include "kernel.cuh"

// i / d = (hi(i * multiplier) + i) >> shift for i below 2^31: a division takes some twenty instructions.
struct Divisor {
  unsigned multiplier;
  unsigned shift;

  __device__ __forceinline__ unsigned quotient(unsigned i) const { return (__umulhi(i, multiplier) + i) >> shift; }
};
