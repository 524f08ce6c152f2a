// lock_graph.h - which locks were taken while which others were held, and the cycles in that.
//
// Nodes are locks. An edge A -> B says that some thread held A when it took B, or wanted it; it
// keeps the different ways in which that happened: by which thread, reading or writing, under which
// other locks. A cycle is a potential deadlock if one way can be chosen for each of its edges such
// that
//
//   1. they are not all one thread's,
//   2. no two of them hold the same lock, unless both as readers (a gate lock: only one of the two
//      can be under way at any time),
//   3. at no lock of the cycle both who holds it and who wants it are readers.
//
// (2) is the test of Goodlock [Havelund, SPIN 2000], extended to cycles of any length and read
// locks. A way that another one of the same edge covers - it holds no more, reads no more, and
// there is one of the same thread or there are two of different threads - is not kept.
//
// While the graph has no cycle, the locks are numbered so that every edge goes upwards [Pearce and
// Kelly, JEA 2006]: an edge that does so, too, closes no cycle, and an edge that does not costs a
// search of the locks numbered in between, after which these are numbered anew. Edges of cycles go
// downwards and are counted; while there are any, each new edge is searched for from its end,
// kMaxVisits edges far.
//
// Thread safety: none; sync/lock_order guards it. Allocation: arena; bounded by the pairs of live
// locks that were held together, at most kMaxWays for each.
#pragma once

#include "base/types.h"

namespace hindsight {

class LockGraph {
 public:
  static constexpr u32 kMaxWays = 8;    // kept of one edge; further ones are not looked at again
  static constexpr u32 kMaxCycle = 32;  // locks
  static constexpr u32 kMaxHeld = 64;
  static constexpr u32 kMaxVisits = 20'000;  // edges, after the first cycle

  struct Lock {
    uptr address;
    bool shared;
    u32 stack;  // where it was taken
  };
  /// One edge of a cycle, in the way in which it takes part.
  struct Link {
    uptr first, second;
    bool first_shared, second_shared;
    u32 thread;
    u32 first_stack, second_stack;
  };
  struct Cycle {
    Link links[kMaxCycle];
    u32 count;
  };

  constexpr LockGraph() = default;

  /// `thread` takes `wanted` while it holds `held`. Returns true if that closes a cycle which has
  /// not been returned before: the shortest one, beginning with a new edge, is in `cycle`.
  bool add(u32 thread, const Lock* held, u32 held_count, const Lock& wanted, Cycle& cycle);
  /// The lock exists no more: its edges go. Returns whether there were any.
  bool remove(uptr lock);
  void clear();

  u32 nodes() const { return node_count_; }
  u32 edges() const { return edge_count_; }

 private:
  struct Node;
  struct Edge;
  struct Way;
  struct Search;

  Node* find(uptr lock) const;
  Node& need(uptr lock);
  Edge& needEdge(Node& from, Node& to);
  Way* addWay(Edge& edge, u32 thread, const Lock* held, u32 held_count, u32 first,
              const Lock& wanted);
  size_t scratchBytes() const { return size_t{3} * bucket_count_ * sizeof(Node*); }
  Edge*& edgeBucket(const Node& from, const Node& to);
  void removeEdge(Edge* edge);
  void grow();
  void growEdges();
  void number(Edge& added);
  bool makeRoom(Node& from, Node& to);
  bool findCycle(Edge& edge, Way& way, Cycle& cycle);
  bool reaches(Node& from, Node& to);
  bool extend(Search& search, Node& at, u32 depth);
  bool fits(const Search& search, u32 depth, const Way& way) const;
  bool isNewCycle(const Search& search, u32 count);

  Node** buckets_ = nullptr;
  Node** scratch_ = nullptr;  // of searches: room for all nodes, three times
  Edge** edge_buckets_ = nullptr;
  u32 bucket_count_ = 0, edge_bucket_count_ = 0;
  u32 node_count_ = 0, edge_count_ = 0;
  u32 downward_ = 0;               // edges
  sptr lowest_ = 0, highest_ = 0;  // numbers in use are between the two
  u64 next_name_ = 1;              // of a lock, never used again
  u64 mark_ = 0;                   // of the latest search
  u64* reported_ = nullptr;        // hashes of cycles, in a set of open addressing
  u32 reported_capacity_ = 0, reported_count_ = 0;
};

}  // namespace hindsight
