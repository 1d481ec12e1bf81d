// What cuDNN's recurrent nets leave to do: padding, direction, sequences without a step, the layout of weights.
//
// Sequences are [batch, steps, width] with a length each; `rows` is batch * steps. A row is walked by 2^lanes_log
// threads of a block, so that the row's sequence is found once for all its elements.
#include "kernel.cuh"

#define FOR_EACH_ROW(row, rows)                                                                                \
  for (unsigned row = blockIdx.x * (THREADS >> lanes_log) + (threadIdx.x >> lanes_log); row < (unsigned)(rows); \
       row += gridDim.x * (THREADS >> lanes_log))

#define FOR_EACH_COLUMN(column, width) \
  for (unsigned column = threadIdx.x & ((1u << lanes_log) - 1); column < (unsigned)(width); column += 1u << lanes_log)

#define MOST_LENGTHS 224

struct Values {
  int value[MOST_LENGTHS];
};

// lengths[start + i] = values[i], and the steps that cuDNN is to run, at least one, behind all lengths. As parameters of
// a kernel they need no memory of the host that would have to be waited for. One block, a thread for each.
KERNEL set_lengths(int* __restrict__ lengths, const Values values, int start, int count, int batch) {
  int value = 0;
  // not indexed by the thread: that would take a copy of the structure for each
#pragma unroll
  for (int i = 0; i < MOST_LENGTHS; i++) {
    if (threadIdx.x == i) value = values.value[i];
  }
  if ((int)threadIdx.x < count) {
    int at = start + (int)threadIdx.x;
    lengths[at] = value;
    lengths[batch + at] = value > 0 ? value : 1;
  }
}

// out[n, t] = x[n, t], or x[n, length - 1 - t] where reversed; 0 from the length on, where x is not read.
KERNEL copy_sequences(float* __restrict__ out, const float* __restrict__ x, const int* __restrict__ lengths, int rows,
                      int steps, int width, int lanes_log, int reversed) {
  FOR_EACH_ROW(row, rows) {
    unsigned sequence = row / (unsigned)steps;
    int step = (int)(row - sequence * steps);
    int length = lengths[sequence];
    unsigned from = reversed ? sequence * steps + (length - 1 - step) : row;
    float* to = out + (size_t)row * width;
    if (step < length) {
      const float* source = x + (size_t)from * width;
      FOR_EACH_COLUMN(column, width) { to[column] = source[column]; }
    } else {
      FOR_EACH_COLUMN(column, width) { to[column] = 0.0f; }
    }
  }
}

// out[n, t] = 0 from the length on.
KERNEL clear_padding(float* __restrict__ out, const int* __restrict__ lengths, int rows, int steps, int width,
                     int lanes_log) {
  FOR_EACH_ROW(row, rows) {
    unsigned sequence = row / (unsigned)steps;
    if ((int)(row - sequence * steps) >= lengths[sequence]) {
      float* to = out + (size_t)row * width;
      FOR_EACH_COLUMN(column, width) { to[column] = 0.0f; }
    }
  }
}

// States [n / width, width], one a sequence: out = x, 0 where the sequence has no step.
KERNEL mask_states(float* __restrict__ out, const float* __restrict__ x, const int* __restrict__ lengths, int n,
                   int width) {
  FOR_EACH(i, n) { out[i] = lengths[i / (unsigned)width] > 0 ? x[i] : 0.0f; }
}

// out = x where the sequence has no step.
KERNEL keep_states(float* __restrict__ out, const float* __restrict__ x, const int* __restrict__ lengths, int n,
                   int width) {
  FOR_EACH(i, n) {
    if (lengths[i / (unsigned)width] == 0) out[i] = x[i];
  }
}

#define MOST_PARTS 12

// Where the weights lie within cuDNN's weight space: part p is array[p][0 ... end[p] - start[p]), there from start[p]
// on.
struct Parts {
  float* array[MOST_PARTS];
  int start[MOST_PARTS];
  int end[MOST_PARTS];
  int count;
};

// space = the parts, 0 between them.
KERNEL pack_weights(float* __restrict__ space, const Parts parts, int n) {
  FOR_EACH(i, n) {
    float value = 0.0f;
#pragma unroll
    for (int p = 0; p < MOST_PARTS; p++) {
      if (p < parts.count && (int)i >= parts.start[p] && (int)i < parts.end[p]) {
        value = parts.array[p][i - parts.start[p]];
      }
    }
    space[i] = value;
  }
}

// The parts = those of the space.
KERNEL unpack_weights(const float* __restrict__ space, const Parts parts, int n) {
  FOR_EACH(i, n) {
    float value = space[i];
#pragma unroll
    for (int p = 0; p < MOST_PARTS; p++) {
      if (p < parts.count && (int)i >= parts.start[p] && (int)i < parts.end[p]) {
        parts.array[p][i - parts.start[p]] = value;
      }
    }
  }
}
