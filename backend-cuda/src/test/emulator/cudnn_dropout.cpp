/// Dropout descriptors, and dropout itself: y = x / (1 - rate) where a value is kept, 0 elsewhere.
///
/// The mask comes from a counter-based generator, one byte a value in the reserve; each forward call draws anew.

#include "cudnn_dropout.h"

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

namespace {

struct States {
    uint64_t seed;
    uint64_t calls;
};

// Far larger than needed, as the generator's states on a device are.
constexpr size_t state_bytes = 1 << 16;

/// The finalizer of SplitMix64: a bijection that spreads every bit.
uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

double uniform(const States& states, uint64_t index) {
    uint64_t bits = mix(mix(states.seed + 0x9E3779B97F4A7C15u * (states.calls + 1)) + 0x9E3779B97F4A7C15u * index);
    return static_cast<double>(bits >> 11) / 9007199254740992.0;  // 2^53
}

size_t mask_bytes(const Tensor& x) { return static_cast<size_t>(x.count()); }

const Dropout& dropout(const void* argument) {
    const Dropout& found = object<Dropout>(argument, "dropoutDesc");
    require_parameter(found.set, "dropoutDesc was created but not set");
    require_parameter(found.states != nullptr, "dropoutDesc has no states");
    return found;
}

void require_arguments(const Tensor& from, const void* input, const Tensor& to, const void* output, const void* reserve,
                       size_t given) {
    require_type(from.type);
    require_parameter(from.same_dims(to) && from.type == to.type, "the extents or data types differ");
    require_memory("the input", input, from);
    require_memory("the output", output, to);
    if (input != output) require_apart("input and output overlap", input, from.bytes(), output, to.bytes());
    require_parameter(given >= mask_bytes(from), "the reserve is too small");
    require_memory("reserveSpace", reserve, given, 1);
}

/// Multiplies by the kept mask.
void apply(const Tensor& from, const void* input, const Tensor& to, void* output, const void* reserve, float rate) {
    Values values = read_values(from, input);
    auto mask = static_cast<const uint8_t*>(reserve);
    for (size_t i = 0; i < values.size(); i++) values[i] = mask[i] != 0 ? values[i] / (1 - rate) : 0;
    write_values(to, output, values, {1, 0});
}

}  // namespace

CUDNN_FUNCTION cudnnCreateDropoutDescriptor(void** result) {
    return create<Dropout>("cudnnCreateDropoutDescriptor", result);
}

CUDNN_FUNCTION cudnnDestroyDropoutDescriptor(void* descriptor) {
    return destroy<Dropout>("cudnnDestroyDropoutDescriptor", descriptor);
}

CUDNN_FUNCTION cudnnDropoutGetStatesSize(void* handle, size_t* size) {
    return entry("cudnnDropoutGetStatesSize", [&] {
        object<Handle>(handle, "handle");
        require_parameter(size != nullptr, "sizeInBytes is null");
        *size = state_bytes;
    });
}

CUDNN_FUNCTION cudnnDropoutGetReserveSpaceSize(void* x_descriptor, size_t* size) {
    return entry("cudnnDropoutGetReserveSpaceSize", [&] {
        require_parameter(size != nullptr, "sizeInBytes is null");
        *size = mask_bytes(tensor(x_descriptor, "xDesc"));
    });
}

CUDNN_FUNCTION cudnnSetDropoutDescriptor(void* descriptor, void* handle, float rate, void* states, size_t given,
                                         unsigned long long seed) {
    return entry("cudnnSetDropoutDescriptor", [&] {
        Dropout& result = object<Dropout>(descriptor, "dropoutDesc");
        Handle& context = object<Handle>(handle, "handle");
        require_parameter(rate >= 0 && rate <= 1, "the rate is not in [0, 1]");
        if (states != nullptr) {
            require_parameter(given >= state_bytes, "stateSizeInBytes is too small");
            require_memory("states", states, given, 8);
            enqueue(context.stream, [=] { *static_cast<States*>(states) = {seed, 0}; });
        } else {
            require_parameter(rate == 0, "a rate above 0 needs states");
        }
        result.rate = rate;
        result.states = states;
        result.set = true;
    });
}

CUDNN_FUNCTION cudnnDropoutForward(void* handle, void* descriptor, void* x_descriptor, const void* x,
                                   void* y_descriptor, void* y, void* reserve, size_t reserve_size) {
    return entry("cudnnDropoutForward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Dropout how = dropout(descriptor);
        Tensor from = tensor(x_descriptor, "xDesc");
        Tensor to = tensor(y_descriptor, "yDesc");
        require_arguments(from, x, to, y, reserve, reserve_size);
        enqueue(context.stream, [=] {
            auto states = static_cast<States*>(how.states);
            auto mask = static_cast<uint8_t*>(reserve);
            for (size_t i = 0; i < mask_bytes(from); i++) mask[i] = uniform(*states, i) >= how.rate ? 1 : 0;
            states->calls++;
            apply(from, x, to, y, reserve, how.rate);
        });
    });
}

CUDNN_FUNCTION cudnnDropoutBackward(void* handle, void* descriptor, void* dy_descriptor, const void* dy,
                                    void* dx_descriptor, void* dx, void* reserve, size_t reserve_size) {
    return entry("cudnnDropoutBackward", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Dropout how = dropout(descriptor);
        Tensor from = tensor(dy_descriptor, "dyDesc");
        Tensor to = tensor(dx_descriptor, "dxDesc");
        require_arguments(from, dy, to, dx, reserve, reserve_size);
        enqueue(context.stream, [=] { apply(from, dy, to, dx, reserve, how.rate); });
    });
}
