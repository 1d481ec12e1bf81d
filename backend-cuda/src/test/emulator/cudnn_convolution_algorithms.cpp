/// Which algorithms a convolution may use: support, workspace, and the answers of cudnnGet...Algorithm_v7 and
/// cudnnFind...AlgorithmEx.
///
/// All algorithms compute the same here. What differs is what a caller has to get right: the support status, the
/// workspace, and the determinism. Non-deterministic algorithms are listed first where cuDNN has them, so that a
/// caller who needs determinism must look.

#include <algorithm>

#include "cudnn_convolution.h"

namespace emulator::cudnn {

namespace {

/// What an algorithm is like; decides what it supports.
enum class Kind { any, no_dilation, fft, fft_tiling, winograd, winograd_nonfused, absent };

struct Algorithm {
    int number;
    Kind kind;
    bool deterministic;
    /// Bytes of workspace per value of the unfolded input (or of the transformed one); 0: none.
    int workspace_scale;
};

// In the order in which they are recommended.
const std::vector<Algorithm>& algorithms(Pass pass) {
    static const std::vector<Algorithm> forward{
        {1, Kind::any, true, 1},         {6, Kind::winograd, true, 0},    {7, Kind::winograd_nonfused, true, 8},
        {0, Kind::any, true, 0},         {5, Kind::fft_tiling, true, 16}, {2, Kind::no_dilation, true, 4},
        {4, Kind::fft, true, 32},        {3, Kind::absent, true, 0},
    };
    static const std::vector<Algorithm> backward_data{
        {0, Kind::any, false, 0},        {1, Kind::any, true, 2},  {4, Kind::winograd, true, 0},
        {5, Kind::winograd_nonfused, true, 8}, {3, Kind::fft_tiling, true, 16}, {2, Kind::fft, true, 32},
    };
    static const std::vector<Algorithm> backward_filter{
        {0, Kind::any, false, 0},        {3, Kind::any, false, 2}, {1, Kind::any, true, 1},
        {5, Kind::winograd_nonfused, true, 8}, {6, Kind::fft_tiling, true, 16}, {2, Kind::fft, true, 32},
        {4, Kind::absent, true, 0},
    };
    switch (pass) {
        case Pass::forward: return forward;
        case Pass::backward_data: return backward_data;
        default: return backward_filter;
    }
}

const Algorithm& algorithm(Pass pass, int number) {
    for (const Algorithm& candidate : algorithms(pass)) {
        if (candidate.number == number) return candidate;
    }
    throw Failure{bad_parameter, "no such algorithm"};
}

bool plain(const Geometry& of) {
    const Convolution& how = of.convolution;
    return how.stride[0] == 1 && how.stride[1] == 1 && how.dilation[0] == 1 && how.dilation[1] == 1 && how.groups == 1;
}

/// The Fourier transforms: stride, dilation and groups of 1, the filter larger than the padding, padded input <= 256.
bool supports_fft(const Geometry& of) {
    const Convolution& how = of.convolution;
    return plain(of) && of.type == type_float && how.padding[0] < of.filter_height && how.padding[1] < of.filter_width;
}

bool supports_winograd(const Geometry& of, int largest) {
    int size = of.filter_height;
    return plain(of) && size == of.filter_width && (size == 3 || size == largest);
}

bool supports(const Algorithm& algorithm, const Geometry& of) {
    const Convolution& how = of.convolution;
    switch (algorithm.kind) {
        case Kind::any: return true;
        case Kind::no_dilation: return how.dilation[0] == 1 && how.dilation[1] == 1;
        case Kind::fft:
            return supports_fft(of) && of.height + 2 * how.padding[0] <= 256 && of.width + 2 * how.padding[1] <= 256;
        case Kind::fft_tiling: return supports_fft(of) && of.filter_height <= 32 && of.filter_width <= 32;
        case Kind::winograd: return supports_winograd(of, 3) && of.type == type_float;
        case Kind::winograd_nonfused: return supports_winograd(of, 5);
        default: return false;
    }
}

size_t workspace_bytes(const Algorithm& algorithm, const Geometry& of) {
    if (algorithm.workspace_scale == 0) return 0;
    size_t values = static_cast<size_t>(of.depth()) * static_cast<size_t>(of.positions());
    return (values * algorithm.workspace_scale + 1024 + 255) / 256 * 256;
}

/// cudnnConvolution{Fwd,BwdData,BwdFilter}AlgoPerf_t: the same layout three times.
struct Performance {
    int algorithm;
    int status;
    float time;
    size_t memory;
    int determinism;
    int math;
    int reserved[3];
};
static_assert(sizeof(Performance) == 48, "the layout of cudnn.h");

/// Usable algorithms in their order, then the others with status 3000. `limit` is the workspace a search may use.
void list(Pass pass, const Geometry& of, int requested, int* returned, void* results, bool timed, size_t limit) {
    require_parameter(requested > 0, "requestedAlgoCount is zero or negative");
    require_parameter(returned != nullptr && results != nullptr, "a result pointer is null");
    std::vector<Performance> usable;
    std::vector<Performance> refused;
    float time = 0.25f;
    for (const Algorithm& each : algorithms(pass)) {
        size_t memory = workspace_bytes(each, of);
        if (supports(each, of) && memory <= limit) {
            usable.push_back({each.number, success, timed ? time : -1.0f, memory, each.deterministic ? 1 : 0,
                              of.convolution.math, {}});
            time *= 2;
        } else {
            refused.push_back({each.number, not_supported, -1.0f, 0, each.deterministic ? 1 : 0,
                               of.convolution.math, {}});
        }
    }
    usable.insert(usable.end(), refused.begin(), refused.end());
    *returned = std::min(requested, static_cast<int>(usable.size()));
    std::copy_n(usable.begin(), *returned, static_cast<Performance*>(results));
}

/// A search runs the algorithms, so the result's memory holds anything afterwards: NaN here.
void find(Pass pass, const Geometry& of, void* handle, int requested, int* returned, void* results, void* workspace,
          size_t given, void* result, size_t result_bytes) {
    Handle& context = object<Handle>(handle, "handle");
    require_support(!capturing(context.stream), "a search waits, which a stream capture forbids");
    if (given > 0) require_workspace(workspace, given, given);
    list(pass, of, requested, returned, results, true, given);
    enqueue(context.stream, [=] {
        spoil(workspace, given);
        spoil(result, result_bytes);
    });
}

constexpr size_t any_size = SIZE_MAX;

}  // namespace

bool supports(Pass pass, int number, const Geometry& of) { return supports(algorithm(pass, number), of); }

size_t workspace_bytes(Pass pass, int number, const Geometry& of) {
    const Algorithm& chosen = algorithm(pass, number);
    require_support(supports(chosen, of), "the algorithm does not support this convolution");
    return workspace_bytes(chosen, of);
}

void require_algorithm(Pass pass, int number, const Geometry& of, const void* workspace, size_t given) {
    require_workspace(workspace, given, workspace_bytes(pass, number, of));
}

}  // namespace emulator::cudnn

using namespace emulator::cudnn;

namespace {

// The three passes name their arguments in three orders; these bring them into one.
Geometry described(void* x, void* w, void* how, void* y) {
    return geometry(convolution(how), tensor(x, "the input's descriptor"), filter(w, "the filter's descriptor"),
                    tensor(y, "the output's descriptor"));
}

int max_count(const char* function, void* handle, int* count, Pass pass) {
    return entry(function, [&] {
        object<Handle>(handle, "handle");
        require_parameter(count != nullptr, "count is null");
        *count = static_cast<int>(algorithms(pass).size());
    });
}

int get(const char* function, Pass pass, void* handle, void* x, void* w, void* how, void* y, int requested,
        int* returned, void* results) {
    return entry(function, [&] {
        object<Handle>(handle, "handle");
        list(pass, described(x, w, how, y), requested, returned, results, false, any_size);
    });
}

int workspace_size(const char* function, Pass pass, void* handle, void* x, void* w, void* how, void* y, int algorithm,
                   size_t* size) {
    return entry(function, [&] {
        object<Handle>(handle, "handle");
        require_parameter(size != nullptr, "sizeInBytes is null");
        *size = workspace_bytes(pass, algorithm, described(x, w, how, y));
    });
}

}  // namespace

CUDNN_FUNCTION cudnnGetConvolutionForwardAlgorithmMaxCount(void* handle, int* count) {
    return max_count("cudnnGetConvolutionForwardAlgorithmMaxCount", handle, count, Pass::forward);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardDataAlgorithmMaxCount(void* handle, int* count) {
    return max_count("cudnnGetConvolutionBackwardDataAlgorithmMaxCount", handle, count, Pass::backward_data);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(void* handle, int* count) {
    return max_count("cudnnGetConvolutionBackwardFilterAlgorithmMaxCount", handle, count, Pass::backward_filter);
}

CUDNN_FUNCTION cudnnGetConvolutionForwardAlgorithm_v7(void* handle, void* x, void* w, void* how, void* y, int requested,
                                                      int* returned, void* results) {
    return get("cudnnGetConvolutionForwardAlgorithm_v7", Pass::forward, handle, x, w, how, y, requested, returned,
               results);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardDataAlgorithm_v7(void* handle, void* w, void* dy, void* how, void* dx,
                                                           int requested, int* returned, void* results) {
    return get("cudnnGetConvolutionBackwardDataAlgorithm_v7", Pass::backward_data, handle, dx, w, how, dy, requested,
               returned, results);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardFilterAlgorithm_v7(void* handle, void* x, void* dy, void* how, void* dw,
                                                             int requested, int* returned, void* results) {
    return get("cudnnGetConvolutionBackwardFilterAlgorithm_v7", Pass::backward_filter, handle, x, dw, how, dy,
               requested, returned, results);
}

CUDNN_FUNCTION cudnnGetConvolutionForwardWorkspaceSize(void* handle, void* x, void* w, void* how, void* y,
                                                       int algorithm, size_t* size) {
    return workspace_size("cudnnGetConvolutionForwardWorkspaceSize", Pass::forward, handle, x, w, how, y, algorithm,
                          size);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardDataWorkspaceSize(void* handle, void* w, void* dy, void* how, void* dx,
                                                            int algorithm, size_t* size) {
    return workspace_size("cudnnGetConvolutionBackwardDataWorkspaceSize", Pass::backward_data, handle, dx, w, how, dy,
                          algorithm, size);
}

CUDNN_FUNCTION cudnnGetConvolutionBackwardFilterWorkspaceSize(void* handle, void* x, void* dy, void* how, void* dw,
                                                              int algorithm, size_t* size) {
    return workspace_size("cudnnGetConvolutionBackwardFilterWorkspaceSize", Pass::backward_filter, handle, x, dw, how,
                          dy, algorithm, size);
}

CUDNN_FUNCTION cudnnFindConvolutionForwardAlgorithmEx(void* handle, void* x_descriptor, const void* x,
                                                      void* w_descriptor, const void* w, void* how, void* y_descriptor,
                                                      void* y, int requested, int* returned, void* results,
                                                      void* workspace, size_t given) {
    return entry("cudnnFindConvolutionForwardAlgorithmEx", [&] {
        Geometry of = described(x_descriptor, w_descriptor, how, y_descriptor);
        size_t bytes = tensor(y_descriptor, "yDesc").bytes();
        require_memory("x", x, tensor(x_descriptor, "xDesc"));
        require_memory("w", w, filter(w_descriptor, "wDesc"));
        require_memory("y", y, tensor(y_descriptor, "yDesc"));
        find(Pass::forward, of, handle, requested, returned, results, workspace, given, y, bytes);
    });
}

CUDNN_FUNCTION cudnnFindConvolutionBackwardDataAlgorithmEx(void* handle, void* w_descriptor, const void* w,
                                                           void* dy_descriptor, const void* dy, void* how,
                                                           void* dx_descriptor, void* dx, int requested, int* returned,
                                                           void* results, void* workspace, size_t given) {
    return entry("cudnnFindConvolutionBackwardDataAlgorithmEx", [&] {
        Geometry of = described(dx_descriptor, w_descriptor, how, dy_descriptor);
        size_t bytes = tensor(dx_descriptor, "dxDesc").bytes();
        require_memory("w", w, filter(w_descriptor, "wDesc"));
        require_memory("dy", dy, tensor(dy_descriptor, "dyDesc"));
        require_memory("dx", dx, tensor(dx_descriptor, "dxDesc"));
        find(Pass::backward_data, of, handle, requested, returned, results, workspace, given, dx, bytes);
    });
}

CUDNN_FUNCTION cudnnFindConvolutionBackwardFilterAlgorithmEx(void* handle, void* x_descriptor, const void* x,
                                                             void* dy_descriptor, const void* dy, void* how,
                                                             void* dw_descriptor, void* dw, int requested,
                                                             int* returned, void* results, void* workspace,
                                                             size_t given) {
    return entry("cudnnFindConvolutionBackwardFilterAlgorithmEx", [&] {
        Geometry of = described(x_descriptor, dw_descriptor, how, dy_descriptor);
        size_t bytes = filter(dw_descriptor, "dwDesc").bytes();
        require_memory("x", x, tensor(x_descriptor, "xDesc"));
        require_memory("dy", dy, tensor(dy_descriptor, "dyDesc"));
        require_memory("dw", dw, filter(dw_descriptor, "dwDesc"));
        find(Pass::backward_filter, of, handle, requested, returned, results, workspace, given, dw, bytes);
    });
}
