// Biases: one number a channel, in arrays [..., channels, plane].
#include "kernel.cuh"

// The channel of element i. A thread's elements lie one grid apart, so that it divides once and then steps.
struct Channel {
  unsigned channel, place;                // of the element, and its place within the plane
  unsigned channel_step, place_step;      // a grid's threads, in planes and elements
  unsigned channels, plane;

  __device__ Channel(unsigned i, unsigned step, int plane, int channels) : channels(channels), plane(plane) {
    unsigned planes = i / this->plane;
    place = i - planes * this->plane;
    channel = planes % this->channels;
    unsigned plane_steps = step / this->plane;
    place_step = step - plane_steps * this->plane;
    channel_step = plane_steps % this->channels;
  }

  __device__ void next() {
    place += place_step;
    channel += channel_step;
    if (place >= plane) {
      place -= plane;
      channel++;
    }
    if (channel >= channels) channel -= channels;
  }
};

// The channel of a thread's first element.
static __device__ Channel first_channel(int plane, int channels) {
  return Channel(blockIdx.x * blockDim.x + threadIdx.x, gridDim.x * blockDim.x, plane, channels);
}

// out[i] = bias[channel of i]
KERNEL spread_bias(float* __restrict__ out, const float* __restrict__ bias, int n, int plane, int channels) {
  Channel at = first_channel(plane, channels);
  FOR_EACH(i, n) {
    out[i] = bias[at.channel];
    at.next();
  }
}

// out[i] += bias[channel of i]
KERNEL add_bias(float* __restrict__ out, const float* __restrict__ bias, int n, int plane, int channels) {
  Channel at = first_channel(plane, channels);
  FOR_EACH(i, n) {
    out[i] += bias[at.channel];
    at.next();
  }
}
