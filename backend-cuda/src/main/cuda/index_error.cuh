// How a kernel tells the host of an index outside its range: IndexErrors.java.
#pragma once

#include "kernel.cuh"

// Notes a bad index. The first position of all wins; `words` are the two of Device.indexError.
static __device__ __forceinline__ void report_index(unsigned long long* words, unsigned position, int index,
                                                    unsigned bound) {
  unsigned long long mine = (unsigned long long)position << 32 | (unsigned)index;
  if (atomicMin(words, mine) > mine) words[1] = bound;
}

// Returns an index in [0, bound), or -1 for one of -1 or outside; reports the latter if asked to.
static __device__ __forceinline__ int checked_index(int index, unsigned bound, unsigned position, bool report,
                                                    unsigned long long* words) {
  if (index >= 0 && (unsigned)index < bound) return index;
  if (index != -1 && report) report_index(words, position, index, bound);
  return -1;
}
