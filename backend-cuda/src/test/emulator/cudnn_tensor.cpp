/// Tensor and filter descriptors, and the one place where elements are converted.

#include "cudnn_tensor.h"

#include <cstring>
#include <string>

namespace emulator::cudnn {

namespace {

constexpr long max_elements = 0x7FFFFFFFL;

/// Calls visit(offset in elements) for every element in packed order.
template <class Visit>
void each_offset(const Tensor& descriptor, Visit visit) {
    long count = descriptor.count();
    if (descriptor.packed()) {
        for (long offset = 0; offset < count; offset++) visit(offset);
        return;
    }
    std::array<int, Tensor::max_rank> index{};
    long offset = 0;
    for (long i = 0; i < count; i++) {
        visit(offset);
        for (int axis = descriptor.rank - 1; axis >= 0; axis--) {
            offset += descriptor.strides[axis];
            if (++index[axis] < descriptor.dims[axis]) break;
            offset -= static_cast<long>(descriptor.strides[axis]) * descriptor.dims[axis];
            index[axis] = 0;
        }
    }
}

double load(const float* data, long offset) { return data[offset]; }
double load(const uint16_t* data, long offset) { return bfloat16_to_float(data[offset]); }
void store(float* data, long offset, double value) { data[offset] = static_cast<float>(value); }
void store(uint16_t* data, long offset, double value) { data[offset] = float_to_bfloat16(static_cast<float>(value)); }

template <class Element>
Values read_as(const Tensor& descriptor, const void* data) {
    Values values;
    values.reserve(descriptor.count());
    auto elements = static_cast<const Element*>(data);
    each_offset(descriptor, [&](long offset) { values.push_back(load(elements, offset)); });
    return values;
}

template <class Element>
void write_as(const Tensor& descriptor, void* data, const Values& values, Blend blend) {
    auto elements = static_cast<Element*>(data);
    const double* next = values.data();
    each_offset(descriptor, [&](long offset) {
        double value = blend.alpha * *next++;
        if (blend.beta != 0) value += blend.beta * load(elements, offset);
        store(elements, offset, value);
    });
}

Tensor flat(int type, long count) {
    Tensor result;
    result.set_packed(type, {static_cast<int>(count)});
    return result;
}

}  // namespace

void Tensor::set_packed(int new_type, std::initializer_list<int> new_dims) {
    type = new_type;
    rank = static_cast<int>(new_dims.size());
    std::copy(new_dims.begin(), new_dims.end(), dims.begin());
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= dims[axis];
    }
}

long Tensor::count() const {
    long product = 1;
    for (int axis = 0; axis < rank; axis++) product *= dims[axis];
    return product;
}

size_t Tensor::bytes() const {
    long last = 0;
    for (int axis = 0; axis < rank; axis++) last += static_cast<long>(dims[axis] - 1) * strides[axis];
    return static_cast<size_t>(last + 1) * element_bytes(type);
}

bool Tensor::packed() const {
    long stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
        if (dims[axis] != 1 && strides[axis] != stride) return false;
        stride *= dims[axis];
    }
    return true;
}

bool Tensor::same_dims(const Tensor& other) const {
    return rank == other.rank && std::equal(dims.begin(), dims.begin() + rank, other.dims.begin());
}

bool Tensor::has_dims(std::initializer_list<int> expected) const {
    return rank == static_cast<int>(expected.size()) && std::equal(expected.begin(), expected.end(), dims.begin());
}

long Filter::count() const {
    long product = 1;
    for (int axis = 0; axis < rank; axis++) product *= dims[axis];
    return product;
}

const Tensor& tensor(const void* argument, const char* name) {
    const Tensor& found = object<Tensor>(argument, name);
    if (found.rank == 0) throw Failure{bad_parameter, std::string(name) + " was created but not set"};
    return found;
}

const Filter& filter(const void* argument, const char* name) {
    const Filter& found = object<Filter>(argument, name);
    if (found.rank == 0) throw Failure{bad_parameter, std::string(name) + " was created but not set"};
    return found;
}

void require_memory(const char* argument, const void* address, const Tensor& descriptor) {
    require_memory(argument, address, descriptor.bytes(), element_bytes(descriptor.type));
}

void require_memory(const char* argument, const void* address, const Filter& descriptor) {
    require_memory(argument, address, descriptor.bytes(), element_bytes(descriptor.type));
}

float round_to_tf32(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7F800000u) == 0x7F800000u) return value;
    bits = (bits + 0x1000u) & 0xFFFFE000u;
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

Values read_values(const Tensor& descriptor, const void* data, bool tf32) {
    bool narrow = descriptor.type == type_bfloat16;
    Values values = narrow ? read_as<uint16_t>(descriptor, data) : read_as<float>(descriptor, data);
    if (tf32 && !narrow) {
        for (double& value : values) value = round_to_tf32(static_cast<float>(value));
    }
    return values;
}

Values read_values(int type, const void* data, long count, bool tf32) {
    return read_values(flat(type, count), data, tf32);
}

void write_values(const Tensor& descriptor, void* data, const Values& values, Blend blend) {
    if (descriptor.type == type_bfloat16) {
        write_as<uint16_t>(descriptor, data, values, blend);
    } else {
        write_as<float>(descriptor, data, values, blend);
    }
}

void write_values(int type, void* data, const Values& values, Blend blend) {
    write_values(flat(type, static_cast<long>(values.size())), data, values, blend);
}

}  // namespace emulator::cudnn

using namespace emulator::cudnn;

namespace {

/// Extents and type of a descriptor that is being set; throws as cuDNN refuses.
void require_extents(int type, int rank, const int* dims) {
    require_parameter(type >= 0 && type <= last_type, "no such data type");
    require_parameter(dims != nullptr, "the extents are null");
    long product = 1;
    for (int axis = 0; axis < rank; axis++) {
        require_parameter(dims[axis] > 0, "an extent is zero or negative");
        product *= dims[axis];
        require_support(product <= max_elements, "more than 2^31 - 1 elements");
    }
}

void set_tensor(void* argument, int type, int rank, const int* dims, const int* strides) {
    Tensor& result = object<Tensor>(argument, "tensorDesc");
    require_support(rank >= 3 && rank <= Tensor::max_rank, "a tensor has 3 to 8 axes");
    require_extents(type, rank, dims);
    require_parameter(strides != nullptr, "the strides are null");
    long last = 0;
    for (int axis = 0; axis < rank; axis++) {
        require_parameter(strides[axis] > 0, "a stride is zero or negative");
        last += static_cast<long>(dims[axis] - 1) * strides[axis];
        require_support(last < max_elements, "more than 2^31 - 1 elements");
    }
    result.type = type;
    result.rank = rank;
    std::copy(dims, dims + rank, result.dims.begin());
    std::copy(strides, strides + rank, result.strides.begin());
}

void set_filter(void* argument, int type, int format, int rank, const int* dims) {
    Filter& result = object<Filter>(argument, "filterDesc");
    require_parameter(format >= format_nchw && format <= format_nchw_vect_c, "no such tensor format");
    require_support(rank >= 3 && rank <= Tensor::max_rank, "a filter has 3 to 8 axes");
    require_extents(type, rank, dims);
    result.type = type;
    result.format = format;
    result.rank = rank;
    std::copy(dims, dims + rank, result.dims.begin());
}

}  // namespace

CUDNN_FUNCTION cudnnCreateTensorDescriptor(void** result) {
    return create<Tensor>("cudnnCreateTensorDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyTensorDescriptor(void* descriptor) {
    return destroy<Tensor>("cudnnDestroyTensorDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetTensor4dDescriptor(void* descriptor, int format, int type, int n, int c, int h, int w) {
    return entry("cudnnSetTensor4dDescriptor", [&] {
        require_parameter(format >= format_nchw && format <= format_nchw_vect_c, "no such tensor format");
        require_support(format != format_nchw_vect_c, "vectorised channels are not emulated");
        int dims[] = {n, c, h, w};
        require_extents(type, 4, dims);
        int nchw[] = {c * h * w, h * w, w, 1};
        int nhwc[] = {c * h * w, 1, w * c, c};
        set_tensor(descriptor, type, 4, dims, format == format_nhwc ? nhwc : nchw);
    });
}

CUDNN_FUNCTION cudnnSetTensor4dDescriptorEx(void* descriptor, int type, int n, int c, int h, int w, int n_stride,
                                            int c_stride, int h_stride, int w_stride) {
    return entry("cudnnSetTensor4dDescriptorEx", [&] {
        int dims[] = {n, c, h, w};
        int strides[] = {n_stride, c_stride, h_stride, w_stride};
        set_tensor(descriptor, type, 4, dims, strides);
    });
}

CUDNN_FUNCTION cudnnSetTensorNdDescriptor(void* descriptor, int type, int rank, const int* dims, const int* strides) {
    return entry("cudnnSetTensorNdDescriptor", [&] { set_tensor(descriptor, type, rank, dims, strides); });
}

CUDNN_FUNCTION cudnnGetTensorNdDescriptor(void* descriptor, int requested, int* type, int* rank, int* dims,
                                          int* strides) {
    return entry("cudnnGetTensorNdDescriptor", [&] {
        // Also of an unset descriptor, which has rank 0: so does the one of an absent RNN bias.
        const Tensor& found = object<Tensor>(descriptor, "tensorDesc");
        require_parameter(requested >= 0 && requested <= Tensor::max_rank, "nbDimsRequested is out of range");
        int filled = std::min(requested, found.rank);
        if (type != nullptr) *type = found.type;
        if (rank != nullptr) *rank = found.rank;
        if (dims != nullptr) std::copy_n(found.dims.begin(), filled, dims);
        if (strides != nullptr) std::copy_n(found.strides.begin(), filled, strides);
    });
}

CUDNN_FUNCTION cudnnGetTensorSizeInBytes(void* descriptor, size_t* size) {
    return entry("cudnnGetTensorSizeInBytes", [&] {
        require_parameter(size != nullptr, "size is null");
        *size = tensor(descriptor, "tensorDesc").bytes();
    });
}

CUDNN_FUNCTION cudnnCreateFilterDescriptor(void** result) {
    return create<Filter>("cudnnCreateFilterDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyFilterDescriptor(void* descriptor) {
    return destroy<Filter>("cudnnDestroyFilterDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnSetFilter4dDescriptor(void* descriptor, int type, int format, int k, int c, int h, int w) {
    return entry("cudnnSetFilter4dDescriptor", [&] {
        int dims[] = {k, c, h, w};
        set_filter(descriptor, type, format, 4, dims);
    });
}

CUDNN_FUNCTION cudnnSetFilterNdDescriptor(void* descriptor, int type, int format, int rank, const int* dims) {
    return entry("cudnnSetFilterNdDescriptor", [&] { set_filter(descriptor, type, format, rank, dims); });
}
