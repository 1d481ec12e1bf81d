/// Graphs: the exported functions.
#include <algorithm>

#include "context.h"
#include "modules.h"
#include "streams.h"

namespace emulator {

namespace {

/// A graph made ready: for each node of the original, in order, what it does. cuGraphExec...SetParams replaces actions.
struct Executable {
    struct Step {
        void* node; // handle in the original
        Kind kind;
        std::shared_ptr<const Action> action;
        size_t nodes; // in a child graph
    };
    std::vector<Step> steps;

    Step* find(void* node, Kind kind) {
        for (auto& step : steps) {
            if (step.node == node && step.kind == kind) return &step;
        }
        return nullptr;
    }
};

Handles<Executable>& executables() {
    static auto& table = *new Handles<Executable>(0x66);
    return table;
}

/// Adds a node to a graph behind nodes given by their handles.
int add_node(const char* function, void** result, void* graph_handle, void* const* dependencies, size_t count,
             const Node& node) {
    auto graph = graphs().find(graph_handle);
    if (graph == nullptr) return INVALID_HANDLE;
    if (result == nullptr || (count > 0 && dependencies == nullptr)) return INVALID_VALUE;
    std::vector<NodeReference> before;
    for (size_t i = 0; i < count; i++) {
        auto dependency = nodes().find(dependencies[i]);
        if (dependency == nullptr || dependency->owner != graph.get() ||
            std::find(before.begin(), before.end(), dependency) != before.end()) {
            explain(function, "a dependency is no node of this graph, or is named twice");
            return INVALID_VALUE;
        }
        before.push_back(dependency);
    }
    *result = graph->add(node, before)->handle;
    return SUCCESS;
}

/// Writes handles as cuGraphGetNodes does: `list` may be null; *count is its length, then the number there is.
/// A device would fill the list up to any length. JCuda 12.6.0 passes a length that it never set: usually refused here.
int list_nodes(const char* function, const std::vector<NodeReference>& found, void** list, size_t* count) {
    constexpr size_t LONGEST_LIST = 1 << 16;
    if (count == nullptr) return INVALID_VALUE;
    if (list != nullptr && *count > LONGEST_LIST) {
        explain(function, "the length of the list cannot be meant (JCuda leaves it unset)");
        return INVALID_VALUE;
    }
    for (size_t i = 0; list != nullptr && i < *count; i++) list[i] = i < found.size() ? found[i]->handle : nullptr;
    *count = list == nullptr ? found.size() : std::min(*count, found.size());
    return SUCCESS;
}

} // namespace

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuGraphCreate(void** graph, unsigned flags) {
    return driver_call(__func__, DRIVER, [&] {
        if (graph == nullptr || flags != 0) return INVALID_VALUE;
        *graph = graphs().add(std::make_shared<Graph>());
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphDestroy(void* handle) {
    return driver_call(__func__, DRIVER, [&] {
        auto graph = graphs().find(handle);
        if (graph == nullptr || graph->child_handle != nullptr) return INVALID_VALUE; // a child belongs to its parent
        graphs().remove(handle);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphAddEmptyNode(void** result, void* graph, void* const* dependencies, size_t count) {
    return driver_call(__func__, DRIVER, [&] {
        return add_node("cuGraphAddEmptyNode", result, graph, dependencies, count, Node{});
    });
}

EMULATOR_EXPORT int cuGraphAddKernelNode_v2(void** result, void* graph, void* const* dependencies, size_t count,
                                            const KernelNodeParameters* parameters) {
    return driver_call(__func__, DRIVER, [&] {
        Node node;
        node.kind = Kind::KERNEL;
        if (int status = kernel_action("cuGraphAddKernelNode_v2", parameters, node.action)) return status;
        return add_node("cuGraphAddKernelNode_v2", result, graph, dependencies, count, node);
    });
}

/// Copies the child graph as it is now.
EMULATOR_EXPORT int cuGraphAddChildGraphNode(void** result, void* graph, void* const* dependencies, size_t count,
                                             void* child) {
    return driver_call(__func__, DRIVER, [&] {
        auto original = graphs().find(child);
        if (original == nullptr || child == graph) return INVALID_VALUE;
        Node node;
        node.kind = Kind::GRAPH;
        node.child = copy(*original);
        return add_node("cuGraphAddChildGraphNode", result, graph, dependencies, count, node);
    });
}

EMULATOR_EXPORT int cuGraphChildGraphNodeGetGraph(void* handle, void** graph) {
    return driver_call(__func__, DRIVER, [&] {
        auto node = nodes().find(handle);
        if (node == nullptr || node->child == nullptr || graph == nullptr) return INVALID_VALUE;
        Graph& child = *node->child;
        // the table does not own it: it ends with its parent
        if (child.child_handle == nullptr) child.child_handle = graphs().add({std::shared_ptr<Graph>(), &child});
        *graph = child.child_handle;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphGetNodes(void* handle, void** list, size_t* count) {
    return driver_call(__func__, DRIVER, [&] {
        auto graph = graphs().find(handle);
        return graph == nullptr ? INVALID_HANDLE : list_nodes("cuGraphGetNodes", graph->nodes, list, count);
    });
}

EMULATOR_EXPORT int cuGraphGetRootNodes(void* handle, void** list, size_t* count) {
    return driver_call(__func__, DRIVER, [&] {
        auto graph = graphs().find(handle);
        if (graph == nullptr) return INVALID_HANDLE;
        std::vector<NodeReference> roots;
        for (auto& node : graph->nodes) {
            if (node->dependencies.empty()) roots.push_back(node);
        }
        return list_nodes("cuGraphGetRootNodes", roots, list, count);
    });
}

EMULATOR_EXPORT int cuGraphNodeGetDependencies(void* handle, void** list, size_t* count) {
    return driver_call(__func__, DRIVER, [&] {
        auto node = nodes().find(handle);
        if (node == nullptr) return INVALID_HANDLE;
        return list_nodes("cuGraphNodeGetDependencies", node->dependencies, list, count);
    });
}

EMULATOR_EXPORT int cuGraphNodeGetType(void* handle, int* type) {
    return driver_call(__func__, DRIVER, [&] {
        auto node = nodes().find(handle);
        if (node == nullptr) return INVALID_HANDLE;
        if (type == nullptr) return INVALID_VALUE;
        *type = static_cast<int>(node->kind);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphAddDependencies(void* handle, void* const* from, void* const* to, size_t count) {
    return driver_call(__func__, DRIVER, [&] {
        auto graph = graphs().find(handle);
        if (graph == nullptr) return INVALID_HANDLE;
        for (size_t i = 0; i < count; i++) {
            auto first = nodes().find(from[i]);
            auto second = nodes().find(to[i]);
            if (first == nullptr || second == nullptr || first == second) return INVALID_VALUE;
            if (first->owner != graph.get() || second->owner != graph.get()) return INVALID_VALUE;
            auto& known = second->dependencies;
            if (std::find(known.begin(), known.end(), first) != known.end()) return INVALID_VALUE;
            known.push_back(first);
        }
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphKernelNodeSetParams_v2(void* handle, const KernelNodeParameters* parameters) {
    return driver_call(__func__, DRIVER, [&] {
        auto node = nodes().find(handle);
        if (node == nullptr || node->kind != Kind::KERNEL) return INVALID_VALUE;
        return kernel_action("cuGraphKernelNodeSetParams_v2", parameters, node->action);
    });
}

/// The executable keeps nothing of the graph but the handles of its nodes.
EMULATOR_EXPORT int cuGraphInstantiateWithFlags(void** handle, void* graph_handle, unsigned long long) {
    return driver_call(__func__, CONTEXT, [&] {
        auto graph = graphs().find(graph_handle);
        if (graph == nullptr) return INVALID_HANDLE;
        if (handle == nullptr) return INVALID_VALUE;
        auto order = ordered(*graph);
        if (order.empty() && !graph->nodes.empty()) return INVALID_VALUE;
        auto executable = std::make_shared<Executable>();
        for (auto& node : order) {
            auto action = node->child ? std::make_shared<const Action>(flattened(*node->child)) : node->action;
            size_t size = node->child ? node->child->nodes.size() : 0;
            executable->steps.push_back({node->handle, node->kind, action, size});
        }
        *handle = executables().add(executable);
        return SUCCESS;
    });
}

/// Holds for later launches, not for those that wait already. The node is one of the instantiated graph itself; a
/// kernel inside of a child graph can only be changed with all of that graph.
EMULATOR_EXPORT int cuGraphExecKernelNodeSetParams_v2(void* handle, void* node,
                                                      const KernelNodeParameters* parameters) {
    return driver_call(__func__, CONTEXT, [&] {
        auto executable = executables().find(handle);
        if (executable == nullptr) return INVALID_HANDLE;
        auto* step = executable->find(node, Kind::KERNEL);
        if (step == nullptr || step->action->kernels.empty()) {
            explain("cuGraphExecKernelNodeSetParams_v2", "no kernel node of the graph that was instantiated");
            return INVALID_VALUE;
        }
        return kernel_action("cuGraphExecKernelNodeSetParams_v2", parameters, step->action);
    });
}

EMULATOR_EXPORT int cuGraphExecChildGraphNodeSetParams(void* handle, void* node, void* child_handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto executable = executables().find(handle);
        auto child = graphs().find(child_handle);
        if (executable == nullptr || child == nullptr) return INVALID_HANDLE;
        auto* step = executable->find(node, Kind::GRAPH);
        if (step == nullptr || step->nodes != child->nodes.size()) return INVALID_VALUE;
        step->action = std::make_shared<const Action>(flattened(*child));
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuGraphUpload(void* handle, void* stream) {
    return driver_call(__func__, CONTEXT, [&] {
        return executables().find(handle) == nullptr || !is_stream(stream) ? INVALID_HANDLE : SUCCESS;
    });
}

/// One piece of work in the stream's queue.
EMULATOR_EXPORT int cuGraphLaunch(void* handle, void* stream) {
    return driver_call(__func__, CONTEXT, [&] {
        auto executable = executables().find(handle);
        if (executable == nullptr) return INVALID_HANDLE;
        Action all;
        std::vector<std::shared_ptr<const Action>> actions;
        for (auto& step : executable->steps) {
            if (step.action == nullptr) continue;
            all.kernels.insert(all.kernels.end(), step.action->kernels.begin(), step.action->kernels.end());
            actions.push_back(step.action);
        }
        all.run = [actions] {
            for (auto& action : actions) action->run();
        };
        Node node;
        node.kind = Kind::GRAPH;
        node.action = std::make_shared<const Action>(std::move(all));
        return submit(stream, node);
    });
}

EMULATOR_EXPORT int cuGraphExecDestroy(void* handle) {
    return driver_call(__func__, CONTEXT, [&] { return executables().remove(handle) ? SUCCESS : INVALID_HANDLE; });
}

} // extern "C"
