// Functions of single elements.
//
// Where an op may run in place, its pointers are not __restrict__: a thread reads what it writes before it does.
#include "axes.cuh"
#include "vector.cuh"

#define LARGEST 3.402823466e38f

// 1 / (1 + e^-x), and the same of -x: from the exponential that cannot overflow, so that both ends are accurate.
struct Sigmoids {
  float of_x;
  float of_minus_x;
};

static __device__ __forceinline__ Sigmoids sigmoids(float x) {
  float e = expf(-fabsf(x));
  float large = 1.0f / (1.0f + e);
  float small = e * large;
  return x < 0.0f ? Sigmoids{small, large} : Sigmoids{large, small};
}

static __device__ __forceinline__ float sigmoid(float x) { return sigmoids(x).of_x; }

// The normal distribution function.
static __device__ __forceinline__ float normal_cumulative(float x) {
  return 0.5f + 0.5f * erff(0.70710678118654752f * x);
}

// The derivative of x times that.
static __device__ __forceinline__ float gelu_slope(float x) {
  return normal_cumulative(x) + x * (0.39894228040143268f * expf(-0.5f * x * x));
}

// x^alpha. All threads take one way: those of common exponents are exact or nearly so, and short.
// Roots as pow has them: that of -0 is 0, and that of -infinity infinite.
static __device__ __forceinline__ float power(float x, float alpha) {
  if (alpha == 2.0f) {
    return x * x;
  }
  if (alpha == 1.0f) {
    return x;
  }
  if (alpha == 3.0f) {
    return x * x * x;
  }
  if (alpha == 0.5f) {
    return x < -LARGEST ? -x : sqrtf(x + 0.0f);
  }
  if (alpha == -0.5f) {
    return x < -LARGEST ? 0.0f : 1.0f / sqrtf(x + 0.0f);
  }
  if (alpha == -1.0f) {
    return 1.0f / x;
  }
  if (alpha == -2.0f) {
    return (1.0f / x) * (1.0f / x);
  }
  return powf(x, alpha);
}

// fmaxf and fminf would drop a NaN.
static __device__ __forceinline__ float larger(float a, float b) { return a != a || b != b ? a + b : fmaxf(a, b); }

static __device__ __forceinline__ float smaller(float a, float b) { return a != a || b != b ? a + b : fminf(a, b); }

// out = f(x).
template <typename To, typename From, typename F>
static __device__ __forceinline__ void map(To* out, const From* x, int n, F f) {
  for_each_pack(n, aligned(out, x), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<From, W> from = load(width, x + i);
    Pack<To, W> to;
#pragma unroll
    for (int k = 0; k < W; k++) {
      to.at[k] = f(from.at[k]);
    }
    store(out + i, to);
  });
}

// unary_NAME: out = EXPRESSION of x and alpha.
#define UNARY(NAME, EXPRESSION)                                                    \
  KERNEL unary_##NAME(float* out, const float* x, int n, float alpha) {            \
    map(out, x, n, [=](float x) -> float { return (void)alpha, (EXPRESSION); });   \
  }

UNARY(negate, -x)
UNARY(absolute, fabsf(x))
UNARY(exp, expf(x))
UNARY(log, logf(x))
UNARY(sqrt, sqrtf(x))
UNARY(square, x * x)
UNARY(reciprocal, 1.0f / x)
UNARY(tanh, tanhf(x))
UNARY(sigmoid, sigmoid(x))
UNARY(relu, x <= 0.0f ? 0.0f : x)
UNARY(leaky_relu, x > 0.0f ? x : alpha * x)
UNARY(elu, x > 0.0f ? x : alpha * expm1f(x))
UNARY(gelu, x * normal_cumulative(x))
UNARY(silu, x * sigmoid(x))
// a NaN gets past fmaxf by the other term
UNARY(softplus, fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))))
UNARY(power, power(x, alpha))
UNARY(scale, alpha * x)
UNARY(shift, x + alpha)
UNARY(at_least, larger(x, alpha))
UNARY(at_most, smaller(x, alpha))

// out = f(a, b); an operand with a stride of 0 is a single number.
template <typename F>
static __device__ __forceinline__ void map2(
    float* out, const float* a, int stride_a, const float* b, int stride_b, int n, F f) {
  bool quads = aligned(out) && (stride_a == 0 || aligned(a)) && (stride_b == 0 || aligned(b));
  for_each_pack(n, quads, [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> left = stride_a ? load(width, a + i) : splat(width, *a);
    Pack<float, W> right = stride_b ? load(width, b + i) : splat(width, *b);
    Pack<float, W> to;
#pragma unroll
    for (int k = 0; k < W; k++) {
      to.at[k] = f(left.at[k], right.at[k]);
    }
    store(out + i, to);
  });
}

// gradient_NAME: out = EXPRESSION of the output's gradient g, of alpha, and of x or y, whichever is named. The ops
// whose gradient needs neither (negate, scale, shift) are functions of g alone: the host starts those.
#define GRADIENT(NAME, READ, EXPRESSION)                                                                \
  KERNEL gradient_##NAME(float* out, const float* gradient, const float* argument, int n, float alpha) { \
    map2(out, gradient, 1, argument, 1, n,                                                              \
         [=](float g, float READ) -> float { return (void)alpha, (EXPRESSION); });                      \
  }

// 0 at 0; a NaN stays NaN
GRADIENT(absolute, x, x > 0.0f ? g : x < 0.0f ? -g : g * x)
GRADIENT(exp, y, g * y)
GRADIENT(log, x, g / x)
GRADIENT(sqrt, y, 0.5f * g / y)
GRADIENT(square, x, 2.0f * x * g)
GRADIENT(reciprocal, y, -(g * y * y))
GRADIENT(tanh, y, g * (1.0f - y * y))
GRADIENT(sigmoid, y, g * y * (1.0f - y))
GRADIENT(relu, x, x > 0.0f ? g : 0.0f)
GRADIENT(leaky_relu, x, x > 0.0f ? g : alpha * g)
GRADIENT(elu, x, x > 0.0f ? g : g * alpha * expf(x))
GRADIENT(gelu, x, g * gelu_slope(x))
GRADIENT(silu, x, g * (sigmoids(x).of_x * (1.0f + x * sigmoids(x).of_minus_x)))
GRADIENT(softplus, x, g * sigmoid(x))
GRADIENT(power, x, g * (alpha * power(x, alpha - 1.0f)))
GRADIENT(at_least, x, x > alpha ? g : 0.0f)
GRADIENT(at_most, x, x < alpha ? g : 0.0f)

// out = f(a, b), operands broadcast along the axes in which their stride is 0. Where `quads`, the innermost axis
// counts in steps of four elements. Innermost, a broadcast operand has stride 0 or reads adjacent elements.
template <int W, typename F>
static __device__ __forceinline__ void map_broadcast(
    float* out, const float* a, const float* b, int n, int rank, const Axes& axes, F f) {
  Width<W> width;
  FOR_EACH(i, n) {
    int offset_a = 0;
    int offset_b = 0;
    for_each_axis(axes, rank, i, [&](const Axis& axis, unsigned coordinate) {
      offset_a += (int)coordinate * axis.first;
      offset_b += (int)coordinate * axis.second;
    });
    Pack<float, W> left = axes.axis[0].first ? load(width, a + offset_a) : splat(width, a[offset_a]);
    Pack<float, W> right = axes.axis[0].second ? load(width, b + offset_b) : splat(width, b[offset_b]);
    Pack<float, W> to;
#pragma unroll
    for (int k = 0; k < W; k++) {
      to.at[k] = f(left.at[k], right.at[k]);
    }
    store(out + W * i, to);
  }
}

// binary_NAME: out = EXPRESSION of a and b, of one shape, or one of them a single number.
// broadcast_NAME: the same with broadcasting; n packs, of four elements where `quads`.
#define BINARY(NAME, EXPRESSION)                                                                               \
  KERNEL binary_##NAME(float* out, const float* a, int stride_a, const float* b, int stride_b, int n) {        \
    map2(out, a, stride_a, b, stride_b, n, [=](float a, float b) -> float { return EXPRESSION; });             \
  }                                                                                                            \
  KERNEL broadcast_##NAME(float* out, const float* a, const float* b, int n, int quads, int rank, Axes axes) { \
    auto f = [=](float a, float b) -> float { return EXPRESSION; };                                            \
    if (quads) {                                                                                               \
      map_broadcast<4>(out, a, b, n, rank, axes, f);                                                           \
    } else {                                                                                                   \
      map_broadcast<1>(out, a, b, n, rank, axes, f);                                                           \
    }                                                                                                          \
  }

BINARY(add, a + b)
BINARY(subtract, a - b)
BINARY(multiply, a * b)
BINARY(divide, a / b)
BINARY(maximum, larger(a, b))
BINARY(minimum, smaller(a, b))
BINARY(equal, a == b ? 1.0f : 0.0f)
BINARY(greater, a > b ? 1.0f : 0.0f)

// out = condition != 0 ? a : b.
KERNEL choose(float* out, const float* condition, const float* a, const float* b, int n) {
  for_each_pack(n, aligned(out, condition, a, b), [=](auto width, unsigned i) {
    const int W = decltype(width)::VALUE;
    Pack<float, W> which = load(width, condition + i);
    Pack<float, W> to = load(width, a + i);
    Pack<float, W> otherwise = load(width, b + i);
#pragma unroll
    for (int k = 0; k < W; k++) {
      to.at[k] = which.at[k] != 0.0f ? to.at[k] : otherwise.at[k];
    }
    store(out + i, to);
  });
}

// out = word, n times.
KERNEL fill_words(unsigned* out, unsigned word, int n) {
  for_each_pack(n, aligned(out), [=](auto width, unsigned i) { store(out + i, splat(width, word)); });
}

// out = x, words of any type.
KERNEL copy_words(unsigned* out, const unsigned* x, int n) {
  for_each_pack(n, aligned(out, x), [=](auto width, unsigned i) { store(out + i, load(width, x + i)); });
}

// out = x as float.
KERNEL to_float(float* out, const int* x, int n) {
  map(out, x, n, [](int x) -> float { return (float)x; });
}
