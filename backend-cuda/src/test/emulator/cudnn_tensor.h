/// Tensor and filter descriptors of the emulated cuDNN, and reading and writing what they describe.
#pragma once

#include <array>
#include <initializer_list>
#include <vector>

#include "cudnn_common.h"

namespace emulator::cudnn {

inline size_t element_bytes(int type) {
    switch (type) {
        case type_double: return 8;
        case type_half:
        case type_bfloat16: return 2;
        default: return 4;
    }
}

/// A tensor descriptor: up to 8 extents with strides in elements. Rank 0 until it is set.
struct Tensor : Object {
    static constexpr int max_rank = 8;

    int type = -1;
    int rank = 0;
    std::array<int, max_rank> dims{};
    std::array<int, max_rank> strides{};

    /// Sets a packed tensor, last axis fastest.
    void set_packed(int new_type, std::initializer_list<int> new_dims);

    long count() const;
    size_t bytes() const;
    bool packed() const;
    bool same_dims(const Tensor& other) const;
    bool has_dims(std::initializer_list<int> expected) const;
};

/// A filter descriptor: extents [output channels, input channels of a group, height, width], always packed.
struct Filter : Object {
    int type = -1;
    int format = format_nchw;
    int rank = 0;
    std::array<int, Tensor::max_rank> dims{};

    long count() const;
    size_t bytes() const { return static_cast<size_t>(count()) * element_bytes(type); }
};

/// The set descriptor behind an argument.
const Tensor& tensor(const void* argument, const char* name);
const Filter& filter(const void* argument, const char* name);

/// Element types that the emulated arithmetic knows: float and bfloat16. Others exist in cuDNN, hence status 3000.
inline void require_type(int type) {
    require_support(type == type_float || type == type_bfloat16, "only float and bfloat16 data are emulated");
}

void require_memory(const char* argument, const void* address, const Tensor& descriptor);
void require_memory(const char* argument, const void* address, const Filter& descriptor);

/// Values in double, in packed order, whatever the strides and the element type.
using Values = std::vector<double>;

/// Rounds to the 10 mantissa bits that tensor cores keep of a float operand, ties away from zero.
float round_to_tf32(float value);

Values read_values(const Tensor& descriptor, const void* data, bool tf32 = false);
Values read_values(int type, const void* data, long count, bool tf32 = false);

/// Stores alpha * value + beta * old; with beta = 0 the old values are not read.
void write_values(const Tensor& descriptor, void* data, const Values& values, Blend blend);
void write_values(int type, void* data, const Values& values, Blend blend);

}  // namespace emulator::cudnn
