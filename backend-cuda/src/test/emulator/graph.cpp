/// Graphs of work: building, copying, and putting nodes in order.
#include "graph.h"

#include <map>

namespace emulator {

Handles<Graph>& graphs() {
    static auto& table = *new Handles<Graph>(0x44);
    return table;
}

Handles<Node>& nodes() {
    static auto& table = *new Handles<Node>(0x55);
    return table;
}

Graph::~Graph() {
    for (auto& node : nodes) {
        node->dependencies.clear(); // no long recursion, no circle
        emulator::nodes().remove(node->handle);
    }
    if (child_handle != nullptr) graphs().remove(child_handle);
}

NodeReference Graph::add(const Node& pattern, const std::vector<NodeReference>& dependencies) {
    auto node = std::make_shared<Node>(pattern);
    node->dependencies = dependencies;
    node->owner = this;
    node->handle = emulator::nodes().add(node);
    nodes.push_back(node);
    return node;
}

std::shared_ptr<Graph> copy(const Graph& graph) {
    auto result = std::make_shared<Graph>();
    std::map<const Node*, NodeReference> copies;
    for (auto& node : graph.nodes) {
        copies[node.get()] = result->add(*node, {});
        if (node->child != nullptr) copies[node.get()]->child = copy(*node->child);
    }
    for (auto& node : graph.nodes) {
        for (auto& dependency : node->dependencies) {
            copies[node.get()]->dependencies.push_back(copies[dependency.get()]);
        }
    }
    return result;
}

/// Of the nodes that are ready the one added last goes first: who forgot a dependency shall notice.
std::vector<NodeReference> ordered(const Graph& graph) {
    std::map<const Node*, size_t> waits_for;
    std::map<const Node*, std::vector<NodeReference>> followers;
    std::vector<NodeReference> ready;
    for (auto& node : graph.nodes) {
        waits_for[node.get()] = node->dependencies.size();
        if (node->dependencies.empty()) ready.push_back(node);
        for (auto& dependency : node->dependencies) followers[dependency.get()].push_back(node);
    }
    std::vector<NodeReference> order;
    while (!ready.empty()) {
        NodeReference node = ready.back();
        ready.pop_back();
        order.push_back(node);
        for (auto& follower : followers[node.get()]) {
            if (--waits_for[follower.get()] == 0) ready.push_back(follower);
        }
    }
    if (order.size() < graph.nodes.size()) order.clear();
    return order;
}

Action flattened(const Graph& graph) {
    Action result;
    std::vector<Work> work;
    for (auto& node : ordered(graph)) {
        Action part = node->child != nullptr ? flattened(*node->child) : node->action ? *node->action : Action{};
        result.kernels.insert(result.kernels.end(), part.kernels.begin(), part.kernels.end());
        if (part.run) work.push_back(part.run);
    }
    result.run = [work] {
        for (auto& each : work) each();
    };
    return result;
}

} // namespace emulator
