// Batch, layer and local response normalisation.
#include "divisor.cuh"
#include "tiles.cuh"

// Elements of a channel that a thread keeps in registers, to read them from memory once.
#define KEPT 16

// An array [count / inner, channels, inner], combined along all axes but the channels. `tiles` is over
// [1, count, channels] for inner = 1, else over [channels, count, 1]: neighbouring threads load neighbours.
struct Channels {
  Tiles tiles;
  unsigned channels;
  unsigned count;
  unsigned inner;
};

// The elements of one thread's share of a channel, in turn; `lanes` apart.
struct Walk {
  unsigned channel;
  unsigned index;  // into the array
  unsigned column;
  unsigned step_index;
  unsigned step_column;
  unsigned wrap;
  unsigned inner;

  __device__ Walk(const Share& share, const Channels& of) : inner(of.inner) {
    unsigned lanes = 1u << of.tiles.lane_bits;
    unsigned image = of.channels * inner;
    channel = share.outer + share.inner;
    unsigned row = share.first / inner;
    column = share.first - row * inner;
    index = row * image + channel * inner + column;
    unsigned step_row = lanes / inner;
    step_column = lanes - step_row * inner;
    step_index = step_row * image + step_column;
    wrap = image - inner;
  }

  __device__ void next() {
    index += step_index;
    column += step_column;
    if (column >= inner) {
      column -= inner;
      index += wrap;
    }
  }
};

// Mean and squared distances from it of the elements of each channel: means[parts, channels] and
// squares[parts, channels], or, of a single part, the mean and the variance. In two passes over registers, so that the
// squares are of small numbers also where the mean is large; the second pass finds out by how much the first, a sum of
// large numbers, missed the mean.
KERNEL moments(float* means, float* squares, const float* __restrict__ x, Channels of) {
  __shared__ Pair cells[THREADS];
  const Tiles& tiles = of.tiles;
  Share share(tiles);
  Walk walk(share, of);
  unsigned lanes = 1u << tiles.lane_bits;
  float kept[KEPT];
  float sum = 0.0f;
  unsigned k = share.first;
#pragma unroll
  for (int j = 0; j < KEPT; j++, k += lanes) {
    kept[j] = 0.0f;
    if (k < share.end) {
      kept[j] = x[walk.index];
      sum += kept[j];
      walk.next();
    }
  }
  unsigned start = share.first - share.lane;
  float size = (float)(share.end > start ? share.end - start : 0);
  float mean = combine<Sum>(sum, &cells[0].first, share.lane, tiles.lane_bits, tiles.width_bits) / size;
  Pair sums = {0.0f, 0.0f};
  k = share.first;
#pragma unroll
  for (int j = 0; j < KEPT; j++, k += lanes) {
    float centred = kept[j] - mean;
    if (k < share.end) {
      sums.first += centred;
      sums.second = fmaf(centred, centred, sums.second);
    }
  }
  sums = combine<PairSum>(sums, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) {
    float missed = sums.first / size;
    float square = sums.second - missed * sums.first;
    if (square < 0.0f) square = 0.0f;  // by rounding, of equal elements
    unsigned target = share.part * of.channels + walk.channel;
    means[target] = mean + missed;
    squares[target] = tiles.parts == 1 ? square / size : square;
  }
}

// Joins the parts of `moments` whose tiles were cut into chunks of `chunk`: out[2, channels]. `tiles` is over
// [1, parts, channels] and has one part. In double: each channel has few of them.
KERNEL moments_of_parts(float* out, const float* __restrict__ means, const float* __restrict__ squares, Tiles tiles,
                      unsigned chunk, unsigned count) {
  __shared__ double cells[THREADS];
  Share share(tiles);
  unsigned lanes = 1u << tiles.lane_bits;
  double sum = 0;
  for (unsigned k = share.first; k < share.end; k += lanes) {
    unsigned size = min(chunk, count - k * chunk);
    sum += (double)means[k * tiles.inner + share.inner] * size;
  }
  double mean = combine<DoubleSum>(sum, cells, share.lane, tiles.lane_bits, tiles.width_bits) / count;
  double square = 0;
  for (unsigned k = share.first; k < share.end; k += lanes) {
    unsigned size = min(chunk, count - k * chunk);
    double apart = means[k * tiles.inner + share.inner] - mean;
    square += squares[k * tiles.inner + share.inner] + apart * apart * size;
  }
  square = combine<DoubleSum>(square, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) {
    out[share.inner] = (float)mean;
    out[tiles.inner + share.inner] = (float)(square / count);
  }
}

// out = 1 / sqrt(variance + epsilon).
KERNEL inverse_deviation(float* __restrict__ out, const float* __restrict__ variance, float epsilon, int n) {
  FOR_EACH(i, n) out[i] = 1.0f / sqrtf(variance[i] + epsilon);
}

// shifts[parts, channels] = sum of the gradients g of each channel's part; scales[parts, channels] = sum of
// g (x - mean) / deviation, where inverse = 1 / deviation.
KERNEL batch_norm_sums(float* shifts, float* scales, const float* __restrict__ x, const float* __restrict__ gradient,
                     const float* __restrict__ mean, const float* __restrict__ inverse, Channels of) {
  __shared__ Pair cells[THREADS];
  const Tiles& tiles = of.tiles;
  Share share(tiles);
  Walk walk(share, of);
  float centre = share.inside ? mean[walk.channel] : 0.0f;
  Pair sums = {0.0f, 0.0f};
  for (unsigned k = share.first; k < share.end; k += 1u << tiles.lane_bits, walk.next()) {
    float g = gradient[walk.index];
    sums.first += g;
    sums.second = fmaf(g, x[walk.index] - centre, sums.second);
  }
  sums = combine<PairSum>(sums, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) {
    unsigned target = share.part * of.channels + walk.channel;
    shifts[target] = sums.first;
    scales[target] = sums.second * inverse[walk.channel];
  }
}

// out = scale / deviation (g - shift_gradient / count - (x - mean) / deviation scale_gradient / count), for n elements.
KERNEL batch_norm_input(float* __restrict__ out, const float* __restrict__ x, const float* __restrict__ gradient,
                      const float* __restrict__ mean, const float* __restrict__ inverse,
                      const float* __restrict__ scale, const float* __restrict__ shift_gradient,
                      const float* __restrict__ scale_gradient, unsigned channels, unsigned inner, float count, int n) {
  FOR_EACH(i, n) {
    unsigned c = i / inner % channels;
    float normal = (x[i] - mean[c]) * inverse[c];
    float centred = gradient[i] - (shift_gradient[c] + normal * scale_gradient[c]) / count;
    out[i] = scale[c] * inverse[c] * centred;
  }
}

// Mean of a row and 1 / sqrt(variance + epsilon), for the threads that share it. A row is short enough to be in a cache
// when it is read again.
struct RowMoments {
  float mean;
  float inverse;

  __device__ RowMoments(const float* from, const Row& row, unsigned lane_bits, float epsilon, float* cells) {
    unsigned lanes = 1u << lane_bits;
    float sum = 0.0f;
    for (unsigned f = row.lane; f < row.end; f += lanes) sum += from[f];
    mean = combine<Sum>(sum, cells, row.lane, lane_bits, 0) / (float)row.end;
    float square = 0.0f;
    for (unsigned f = row.lane; f < row.end; f += lanes) {
      float centred = from[f] - mean;
      square = fmaf(centred, centred, square);
    }
    square = combine<Sum>(square, cells, row.lane, lane_bits, 0);
    inverse = 1.0f / sqrtf(square / (float)row.end + epsilon);
  }
};

// out[r, f] = (x[r, f] - mean[r]) / deviation[r] scale[f] + shift[f].
KERNEL layer_norm(float* __restrict__ out, const float* __restrict__ x, const float* __restrict__ scale,
                 const float* __restrict__ shift, unsigned rows, unsigned features, float epsilon, unsigned lane_bits) {
  __shared__ float cells[THREADS];
  Row row(rows, features, lane_bits);
  const float* from = x + row.start;
  float* to = out + row.start;
  RowMoments of(from, row, lane_bits, epsilon, cells);
  for (unsigned f = row.lane; f < row.end; f += 1u << lane_bits) {
    to[f] = (from[f] - of.mean) * of.inverse * scale[f] + shift[f];
  }
}

// out[r, f] = (g scale[f] - sum / features - normal product / features) / deviation[r], where normal is the normalised
// x, and sum and product are the sums over the row of g scale and of g scale normal. Keeps each row's mean and inverse
// deviation in means[rows] and inverses[rows].
KERNEL layer_norm_input(float* __restrict__ out, float* __restrict__ means, float* __restrict__ inverses,
                      const float* __restrict__ x, const float* __restrict__ scale, const float* __restrict__ gradient,
                      unsigned rows, unsigned features, float epsilon, unsigned lane_bits) {
  __shared__ Pair cells[THREADS];
  Row row(rows, features, lane_bits);
  const float* from = x + row.start;
  const float* g = gradient + row.start;
  float* to = out + row.start;
  unsigned lanes = 1u << lane_bits;
  RowMoments of(from, row, lane_bits, epsilon, &cells[0].first);
  Pair sums = {0.0f, 0.0f};
  for (unsigned f = row.lane; f < row.end; f += lanes) {
    float scaled = g[f] * scale[f];
    sums.first += scaled;
    sums.second = fmaf(scaled, (from[f] - of.mean) * of.inverse, sums.second);
  }
  sums = combine<PairSum>(sums, cells, row.lane, lane_bits, 0);
  for (unsigned f = row.lane; f < row.end; f += lanes) {
    float normal = (from[f] - of.mean) * of.inverse;
    to[f] = (g[f] * scale[f] - (sums.first + normal * sums.second) / (float)features) * of.inverse;
  }
  if (row.inside && row.lane == 0) {
    means[row.index] = of.mean;
    inverses[row.index] = of.inverse;
  }
}

// scales[parts, features] = sum over the part's rows of g (x - mean) inverse; shifts[parts, features] = sum of g.
// `tiles` is over [1, rows, features].
KERNEL layer_norm_parameters(float* scales, float* shifts, const float* __restrict__ x,
                           const float* __restrict__ gradient, const float* __restrict__ means,
                           const float* __restrict__ inverses, Tiles tiles) {
  __shared__ Pair cells[THREADS];
  Share share(tiles);
  Pair sums = {0.0f, 0.0f};
  for (unsigned row = share.first; row < share.end; row += 1u << tiles.lane_bits) {
    size_t i = (size_t)row * tiles.inner + share.inner;
    float g = gradient[i];
    sums.first = fmaf(g, (x[i] - means[row]) * inverses[row], sums.first);
    sums.second += g;
  }
  sums = combine<PairSum>(sums, cells, share.lane, tiles.lane_bits, tiles.width_bits);
  if (share.inside && share.lane == 0) {
    scales[share.target(tiles)] = sums.first;
    shifts[share.target(tiles)] = sums.second;
  }
}

// Local response normalisation of [N, channels, plane] over the `half` channels before and after each one.
struct Response {
  unsigned channels;
  unsigned plane;
  unsigned half;
  float factor;  // alpha / size
  float bias;
  float beta;
  Divisor by_channels;
  Divisor by_plane;
};

// The channels around element i that exist: first and last, as steps of a plane from i.
struct Neighbours {
  int first;
  int last;

  __device__ Neighbours(unsigned i, const Response& of) {
    unsigned plane = of.by_plane.quotient(i);
    unsigned c = plane - of.by_channels.quotient(plane) * of.channels;
    first = -(int)min(c, of.half);
    last = (int)min(of.channels - 1 - c, of.half);
  }
};

// bias + factor sum of x^2 over the neighbours. Summed anew for each element: in a sum that slides along the channels,
// subtracting the square that leaves would cancel.
static __device__ float response_base(const float* __restrict__ x, unsigned i, const Neighbours& near,
                                      const Response& of) {
  float sum = 0.0f;
  for (int k = near.first; k <= near.last; k++) {
    float value = x[(long long)i + (long long)k * of.plane];
    sum = fmaf(value, value, sum);
  }
  return fmaf(of.factor, sum, of.bias);
}

// out = x / base^beta.
KERNEL local_response(float* __restrict__ out, const float* __restrict__ x, Response of, int n) {
  FOR_EACH(i, n) out[i] = x[i] / powf(response_base(x, i, Neighbours(i, of), of), of.beta);
}

// out = g y / base, of which `local_response_input` sums neighbours.
KERNEL local_response_ratio(float* __restrict__ out, const float* __restrict__ x, const float* __restrict__ y,
                          const float* __restrict__ gradient, Response of, int n) {
  FOR_EACH(i, n) out[i] = gradient[i] * y[i] / response_base(x, i, Neighbours(i, of), of);
}

// out = g / base^beta - 2 factor beta x (sum of ratio over the neighbours).
KERNEL local_response_input(float* __restrict__ out, const float* __restrict__ x, const float* __restrict__ ratio,
                          const float* __restrict__ gradient, Response of, int n) {
  FOR_EACH(i, n) {
    Neighbours near(i, of);
    float sum = 0.0f;
    for (int k = near.first; k <= near.last; k++) sum += ratio[(long long)i + (long long)k * of.plane];
    float power = powf(response_base(x, i, near, of), of.beta);
    out[i] = gradient[i] / power - 2.0f * of.factor * of.beta * x[i] * sum;
  }
}
