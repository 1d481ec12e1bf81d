// The update rules of optimizers, each one pass over a parameter, its gradient and its state.
#include "vector.cuh"

// parameter -= rate * g, g = gradient + decay * parameter.
KERNEL sgd(
    float* __restrict__ parameter, const float* __restrict__ gradient, int n, float rate, float decay) {
  for_each_pack(n, aligned(parameter, gradient), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> p = load(width, parameter + i);
    Pack<float, W> g = load(width, gradient + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      p.at[k] -= rate * (g.at[k] + decay * p.at[k]);
    }
    store(parameter + i, p);
  });
}

// velocity = momentum * velocity + g; parameter -= rate * (nesterov ? g + momentum * velocity : velocity).
KERNEL momentum(
    float* __restrict__ parameter, const float* __restrict__ gradient, float* __restrict__ velocity, int n, float rate,
    float momentum, int nesterov, float decay) {
  for_each_pack(n, aligned(parameter, gradient, velocity), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> p = load(width, parameter + i);
    Pack<float, W> g = load(width, gradient + i);
    Pack<float, W> v = load(width, velocity + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      float decayed = g.at[k] + decay * p.at[k];
      v.at[k] = momentum * v.at[k] + decayed;
      p.at[k] -= rate * (nesterov ? decayed + momentum * v.at[k] : v.at[k]);
    }
    store(velocity + i, v);
    store(parameter + i, p);
  });
}

// parameter *= kept; mean = beta1 * mean + rest1 * g; square = beta2 * square + rest2 * g^2;
// parameter -= step * mean / (sqrt(square) * root + epsilon). The host folds the constants: kept = 1 - rate *
// decoupled decay, step = rate / correction1, root = 1 / sqrt(correction2).
KERNEL adam(
    float* __restrict__ parameter, const float* __restrict__ gradient, float* __restrict__ mean,
    float* __restrict__ square, int n, float kept, float decay, float beta1, float rest1, float beta2, float rest2,
    float step, float root, float epsilon) {
  for_each_pack(n, aligned(parameter, gradient, mean, square), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> p = load(width, parameter + i);
    Pack<float, W> g = load(width, gradient + i);
    Pack<float, W> m = load(width, mean + i);
    Pack<float, W> s = load(width, square + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      float shrunk = kept * p.at[k];
      float decayed = g.at[k] + decay * shrunk;
      m.at[k] = beta1 * m.at[k] + rest1 * decayed;
      s.at[k] = beta2 * s.at[k] + rest2 * decayed * decayed;
      p.at[k] = shrunk - step * m.at[k] / (sqrtf(s.at[k]) * root + epsilon);
    }
    store(mean + i, m);
    store(square + i, s);
    store(parameter + i, p);
  });
}

// square = keep * square + rest * g^2; velocity = momentum * velocity + g / (sqrt(square) + epsilon);
// parameter -= rate * velocity.
KERNEL rms_prop(
    float* __restrict__ parameter, const float* __restrict__ gradient, float* __restrict__ square,
    float* __restrict__ velocity, int n, float rate, float keep, float rest, float epsilon, float momentum,
    float decay) {
  for_each_pack(n, aligned(parameter, gradient, square, velocity), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> p = load(width, parameter + i);
    Pack<float, W> g = load(width, gradient + i);
    Pack<float, W> s = load(width, square + i);
    Pack<float, W> v = load(width, velocity + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      float decayed = g.at[k] + decay * p.at[k];
      s.at[k] = keep * s.at[k] + rest * decayed * decayed;
      v.at[k] = momentum * v.at[k] + decayed / (sqrtf(s.at[k]) + epsilon);
      p.at[k] -= rate * v.at[k];
    }
    store(square + i, s);
    store(velocity + i, v);
    store(parameter + i, p);
  });
}

// square += g^2; parameter -= rate * g / (sqrt(square) + epsilon).
KERNEL adagrad(
    float* __restrict__ parameter, const float* __restrict__ gradient, float* __restrict__ square, int n, float rate,
    float epsilon, float decay) {
  for_each_pack(n, aligned(parameter, gradient, square), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> p = load(width, parameter + i);
    Pack<float, W> g = load(width, gradient + i);
    Pack<float, W> s = load(width, square + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      float decayed = g.at[k] + decay * p.at[k];
      s.at[k] += decayed * decayed;
      p.at[k] -= rate * decayed / (sqrtf(s.at[k]) + epsilon);
    }
    store(square + i, s);
    store(parameter + i, p);
  });
}
