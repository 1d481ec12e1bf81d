/// Graphs of work, and what is made of them to launch.
#pragma once

#include <string>
#include <vector>

#include "driver_types.h"
#include "trace.h"

namespace emulator {

using Work = std::function<void()>;

/// What a node does; the numbers are CUgraphNodeType.
enum class Kind { KERNEL = 0, COPY = 1, FILL = 2, GRAPH = 4, EMPTY = 5 };

/// What runs for a node, with the trace of its own kernels ("kernel NAME"). Never changed: a launch may still wait.
struct Action {
    std::vector<std::string> kernels;
    Work run;
};

struct Graph;
struct Node;
using NodeReference = std::shared_ptr<Node>;

struct Node {
    Kind kind = Kind::EMPTY;
    std::shared_ptr<const Action> action;
    std::shared_ptr<Graph> child;            // of a GRAPH node: its own copy of a graph
    std::vector<NodeReference> dependencies; // nodes of the same graph
    void* handle = nullptr;
    Graph* owner = nullptr;
};

struct Graph {
    std::vector<NodeReference> nodes;
    void* child_handle = nullptr; // of a child graph, once somebody asked for it

    Graph() = default;
    Graph(const Graph&) = delete;
    ~Graph();

    NodeReference add(const Node& pattern, const std::vector<NodeReference>& dependencies);
};

Handles<Graph>& graphs();
Handles<Node>& nodes();

std::shared_ptr<Graph> copy(const Graph& graph);

/// The nodes in an order of their dependencies; empty though the graph is not, if they go round in a circle.
std::vector<NodeReference> ordered(const Graph& graph);

/// One action that does all that a graph does.
Action flattened(const Graph& graph);

} // namespace emulator
