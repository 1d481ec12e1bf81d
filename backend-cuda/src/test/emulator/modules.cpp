/// Modules, functions, and launches.
#include "modules.h"

#include <algorithm>

#include "context.h"
#include "kernels.h"
#include "memory.h"
#include "ptx.h"
#include "streams.h"

namespace emulator {

namespace {

constexpr unsigned MOST_THREADS = 1024;
constexpr unsigned MOST_THREADS_Z = 64;
constexpr unsigned MOST_BLOCKS_X = 2147483647;
constexpr unsigned MOST_BLOCKS_YZ = 65535;
constexpr unsigned MOST_SHARED_BYTES = 48 * 1024;

struct Function {
    const Kernel* kernel;
    unsigned most_threads;
};

struct Module {
    std::map<std::string, void*> functions; // handles
    ~Module();
};

Handles<Module>& modules() {
    static auto& table = *new Handles<Module>(0x77);
    return table;
}

Handles<Function>& functions() {
    static auto& table = *new Handles<Function>(0x88);
    return table;
}

Module::~Module() {
    for (auto& [name, handle] : functions) emulator::functions().remove(handle);
}

/// The host's function for a kernel of the PTX, or null and a line if there is none with the same parameters.
const Kernel* host_kernel(const Entry& entry) {
    const Kernel* kernel = find_kernel(entry.name.c_str());
    std::string why;
    if (kernel == nullptr) {
        why = ": the emulator was built without it";
    } else if (kernel->count != entry.bytes.size()) {
        why = ": source and PTX differ in the number of parameters";
    } else {
        for (size_t i = 0; i < kernel->count; i++) {
            if (kernel->parameters[i].bytes == entry.bytes[i]) continue;
            why = ": source and PTX differ in the size of parameter " + std::to_string(i);
        }
    }
    if (!why.empty()) explain("cuModuleLoadData", (entry.name + why).c_str());
    return why.empty() ? kernel : nullptr;
}

int load(void** handle, const void* image) {
    if (handle == nullptr || image == nullptr) return INVALID_VALUE;
    Ptx ptx = read_ptx(static_cast<const char*>(image));
    if (ptx.status != SUCCESS) return ptx.status;
    auto module = std::make_shared<Module>();
    for (auto& entry : ptx.entries) {
        const Kernel* kernel = host_kernel(entry);
        if (kernel == nullptr) return INVALID_PTX;
        Function function{kernel, entry.most_threads};
        module->functions[entry.name] = functions().add(std::make_shared<Function>(function));
    }
    *handle = modules().add(module);
    return SUCCESS;
}

/// Values of a kernel's parameters, copied, each aligned for any type.
struct Values {
    std::vector<std::vector<std::max_align_t>> storage;
    std::vector<void*> addresses;

    Values(const Kernel& kernel, void* const* source) {
        for (size_t i = 0; i < kernel.count; i++) {
            size_t bytes = kernel.parameters[i].bytes;
            storage.emplace_back(bytes / sizeof(std::max_align_t) + 1);
            std::memcpy(storage.back().data(), source[i], bytes);
            addresses.push_back(storage.back().data());
        }
    }

    /// 0, or a line and 700 if a parameter is a pointer, not null, to no device memory (or to its end).
    int check(const char* function, const Kernel& kernel) const {
        for (size_t i = 0; i < kernel.count; i++) {
            if (!kernel.parameters[i].pointer) continue;
            void* pointer;
            std::memcpy(&pointer, addresses[i], sizeof pointer);
            if (pointer == nullptr || is_device_or_end(pointer)) continue;
            std::fprintf(stderr, "emulator: %s: kernel %s: parameter %zu, %p, is no device memory\n", function,
                         kernel.name, i, pointer);
            return ILLEGAL_ADDRESS;
        }
        return SUCCESS;
    }
};

int check_extents(const Function& function, const KernelNodeParameters& launch) {
    unsigned x = launch.block_x, y = launch.block_y, z = launch.block_z;
    if (x == 0 || y == 0 || z == 0 || x > MOST_THREADS || y > MOST_THREADS || z > MOST_THREADS_Z) return INVALID_VALUE;
    if (x * y * z > MOST_THREADS) return INVALID_VALUE;
    if (launch.grid_x == 0 || launch.grid_y == 0 || launch.grid_z == 0) return INVALID_VALUE;
    if (launch.grid_x > MOST_BLOCKS_X) return INVALID_VALUE;
    if (launch.grid_y > MOST_BLOCKS_YZ || launch.grid_z > MOST_BLOCKS_YZ) return INVALID_VALUE;
    if (launch.shared_bytes > MOST_SHARED_BYTES) return INVALID_VALUE;
    return x * y * z > function.most_threads ? LAUNCH_OUT_OF_RESOURCES : SUCCESS;
}

} // namespace

int kernel_action(const char* name, const KernelNodeParameters* launch, std::shared_ptr<const Action>& action) {
    if (launch == nullptr) return INVALID_VALUE;
    auto function = functions().find(launch->function);
    if (function == nullptr) return INVALID_HANDLE;
    if (int status = check_extents(*function, *launch)) return status;
    const Kernel& kernel = *function->kernel;
    if (launch->extra != nullptr || (kernel.count > 0 && launch->parameters == nullptr)) return INVALID_VALUE;
    auto values = std::make_shared<const Values>(kernel, launch->parameters);
    if (int status = values->check(name, kernel)) return status;
    Extent grid{launch->grid_x, launch->grid_y, launch->grid_z};
    Extent block{launch->block_x, launch->block_y, launch->block_z};
    auto run = [&kernel, grid, block, values, name] {
        if (int status = values->check(name, kernel)) {
            return fail_device(status, name, "runs after its memory was freed");
        }
        const char* wrong = run_kernel(kernel, grid, block, values->addresses.data());
        if (wrong != nullptr) fail_device(LAUNCH_FAILED, kernel.name, wrong);
    };
    action = std::make_shared<const Action>(Action{{std::string("kernel ") + kernel.name}, run});
    return SUCCESS;
}

void forget_modules() {
    modules().clear();
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuModuleLoadData(void** module, const void* image) {
    return driver_call(__func__, NO_CAPTURE, [&] { return load(module, image); });
}

EMULATOR_EXPORT int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
    return driver_call(__func__, NO_CAPTURE, [&] { return load(module, image); });
}

EMULATOR_EXPORT int cuModuleUnload(void* module) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        drain_all();
        return modules().remove(module) ? device_error() : INVALID_HANDLE;
    });
}

EMULATOR_EXPORT int cuModuleGetFunction(void** function, void* module_handle, const char* name) {
    return driver_call(__func__, CONTEXT, [&] {
        auto module = modules().find(module_handle);
        if (module == nullptr) return INVALID_HANDLE;
        if (function == nullptr || name == nullptr) return INVALID_VALUE;
        auto found = module->functions.find(name);
        if (found == module->functions.end()) return NOT_FOUND;
        *function = found->second;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuFuncGetAttribute(int* value, int attribute, void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto function = functions().find(handle);
        if (function == nullptr) return INVALID_HANDLE;
        if (value == nullptr || attribute < 0) return INVALID_VALUE;
        constexpr int MAX_THREADS = 0, REGISTERS = 4, PTX_VERSION = 5, BINARY_VERSION = 6;
        switch (attribute) {
            case MAX_THREADS: *value = static_cast<int>(function->most_threads); break;
            case REGISTERS: *value = 32; break;
            case PTX_VERSION:
            case BINARY_VERSION: *value = 75; break;
            default: *value = 0;
        }
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuLaunchKernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                                   unsigned block_y, unsigned block_z, unsigned shared_bytes, void* stream,
                                   void** parameters, void** extra) {
    return driver_call(__func__, CONTEXT, [&] {
        KernelNodeParameters launch{function,     grid_x,     grid_y, grid_z,  block_x, block_y, block_z,
                                    shared_bytes, parameters, extra,  nullptr, nullptr};
        Node node;
        node.kind = Kind::KERNEL;
        if (int status = kernel_action("cuLaunchKernel", &launch, node.action)) return status;
        return submit(stream, node);
    });
}

} // extern "C"
