// Cross-entropy of the softmax of rows; softmax itself is cu_d_n_n's.
#include "index_error.cuh"
#include "tiles.cuh"

// Largest element of a row and the sum of exp(x - largest), for the threads that share it. A row is short enough to be
// in a cache when it is read again.
struct RowSoftmax {
  float largest;
  float sum;

  __device__ RowSoftmax(const float* from, const Row& row, unsigned lane_bits, float* cells) {
    unsigned lanes = 1u << lane_bits;
    largest = Maximum::none();
    for (unsigned c = row.lane; c < row.end; c += lanes) largest = Maximum::both(largest, from[c]);
    largest = combine<Maximum>(largest, cells, row.lane, lane_bits, 0);
    sum = 0.0f;
    for (unsigned c = row.lane; c < row.end; c += lanes) sum += expf(from[c] - largest);
    sum = combine<Sum>(sum, cells, row.lane, lane_bits, 0);
  }
};

// out[r] = -sum over c of target[c] (x[r, c] - largest - ln sum), target being 1 - smoothing at the label, plus
// smoothing / classes everywhere; 0 for the label -1.
KERNEL cross_entropy(float* __restrict__ out, const float* __restrict__ logits, const int* __restrict__ labels,
                    unsigned rows, unsigned classes, float smoothing, unsigned lane_bits, unsigned long long* error) {
  __shared__ float cells[THREADS];
  Row row(rows, classes, lane_bits);
  const float* from = logits + row.start;
  RowSoftmax softmax(from, row, lane_bits, cells);
  float log_sum = logf(softmax.sum);
  float all = 0.0f;
  // apart where nothing is smoothed: 0 times the logarithm of a masked class would be NaN
  if (smoothing != 0.0f) {
    for (unsigned c = row.lane; c < row.end; c += 1u << lane_bits) all += from[c] - softmax.largest - log_sum;
    all = combine<Sum>(all, cells, row.lane, lane_bits, 0);
  }
  if (row.inside && row.lane == 0) {
    int label = checked_index(labels[row.index], classes, row.index, true, error);
    float loss = 0.0f;
    if (label >= 0) {
      if (smoothing != 0.0f) loss = -smoothing / (float)classes * all;
      if (smoothing != 1.0f) loss -= (1.0f - smoothing) * (from[label] - softmax.largest - log_sum);
    }
    out[row.index] = loss;
  }
}

// out[r, c] = (softmax - target) gradient[r]; 0 for the label -1.
KERNEL cross_entropy_gradient(float* __restrict__ out, const float* __restrict__ logits, const int* __restrict__ labels,
                            const float* __restrict__ gradient, unsigned rows, unsigned classes, float smoothing,
                            unsigned lane_bits, unsigned long long* error) {
  __shared__ float cells[THREADS];
  Row row(rows, classes, lane_bits);
  const float* from = logits + row.start;
  float* to = out + row.start;
  RowSoftmax softmax(from, row, lane_bits, cells);
  if (!row.inside) return;
  int label = checked_index(labels[row.index], classes, row.index, row.lane == 0, error);
  float g = gradient[row.index];
  float everywhere = smoothing / (float)classes;
  for (unsigned c = row.lane; c < row.end; c += 1u << lane_bits) {
    float target = (int)c == label ? 1.0f - smoothing + everywhere : everywhere;
    to[c] = label < 0 ? 0.0f : (expf(from[c] - softmax.largest) / softmax.sum - target) * g;
  }
}
