/// cudnnAddTensor: c = alpha * a + beta * c, where a's extents are c's or 1.

#include "cudnn_tensor.h"

using namespace emulator;
using namespace emulator::cudnn;

CUDNN_FUNCTION cudnnAddTensor(void* handle, const void* alpha, void* a_descriptor, const void* a, const void* beta,
                              void* c_descriptor, void* c) {
    return entry("cudnnAddTensor", [&] {
        Handle& context = object<Handle>(handle, "handle");
        Tensor addend = tensor(a_descriptor, "aDesc");
        Tensor target = tensor(c_descriptor, "cDesc");
        Blend blend = read_blend(alpha, beta);
        require_support(target.rank == 4 || target.rank == 5, "only 4 or 5 axes are supported");
        require_type(target.type);
        require_parameter(addend.type == target.type, "the data types differ");
        require_parameter(addend.rank == target.rank, "the ranks differ");
        for (int axis = 0; axis < target.rank; axis++) {
            require_parameter(addend.dims[axis] == target.dims[axis] || addend.dims[axis] == 1,
                              "an extent of a is neither c's nor 1");
        }
        require_memory("A", a, addend);
        require_memory("C", c, target);
        if (a != c) require_apart("A and C overlap", a, addend.bytes(), c, target.bytes());
        enqueue(context.stream, [=] {
            // An axis along which a is repeated has stride 0: then a reads like a tensor of c's extents.
            Tensor repeated = addend;
            repeated.dims = target.dims;
            for (int axis = 0; axis < target.rank; axis++) {
                if (addend.dims[axis] == 1) repeated.strides[axis] = 0;
            }
            write_values(target, c, read_values(repeated, a), blend);
        });
    });
}
