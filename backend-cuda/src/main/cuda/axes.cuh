// Places in two arrays that share their axes but not their strides; Axes.java fills the structures.
#pragma once
#include "kernel.cuh"

#define MOST_AXES 8

// One axis. Strides are in elements.
struct Axis {
  unsigned extent;
  // i / extent = (hi(i * multiplier) + i) >> shift for i below 2^31: a division takes some twenty instructions
  unsigned multiplier;
  unsigned shift;
  int first;
  int second;
  int third;
};

// The innermost axis comes first; there are as many as the kernel's parameter `rank` says, at least one.
struct Axes {
  Axis axis[MOST_AXES];
};

static __device__ __forceinline__ unsigned quotient(unsigned i, const Axis& axis) {
  return (__umulhi(i, axis.multiplier) + i) >> axis.shift;
}

// Calls `visit(axis, coordinate)` for each axis of the i-th place in row-major order. Unrolled, so that the
// structure is read from the constant bank at known places, and is never copied to be indexed.
template <typename Visit>
static __device__ __forceinline__ void for_each_axis(const Axes& axes, int rank, unsigned i, Visit visit) {
#pragma unroll
  for (int k = 0; k < MOST_AXES; k++) {
    if (k == rank - 1) {
      visit(axes.axis[k], i);
      break;
    }
    unsigned outer = quotient(i, axes.axis[k]);
    visit(axes.axis[k], i - outer * axes.axis[k].extent);
    i = outer;
  }
}
