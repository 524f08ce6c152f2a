#include "sync/lock_graph.h"

#include "base/arena.h"

namespace hindsight {

struct LockGraph::Way {
  struct Held {
    u64 name;
    bool shared;
  };
  Way* next;
  u32 thread;
  bool first_shared, second_shared;
  u32 first_stack, second_stack;
  u32 held_count;  // with the edge's first lock
  Held held[1];    // really `held_count`
};

struct LockGraph::Edge {
  Node *from, *to;
  Edge *next_out, **link_out;  // in from->out
  Edge *next_in, **link_in;    // in to->in
  Way* ways;
  u32 way_count;
};

struct LockGraph::Node {
  uptr lock;
  u64 name;
  Node* next;  // in the bucket
  Edge *out, *in;
  u64 mark;        // of the search that has met it
  bool on_path;
};

/// Ways chosen so far, for the edges that begin at path[0], path[1], ...
struct LockGraph::Search {
  Node* goal;
  Edge* edges[kMaxCycle];
  const Way* ways[kMaxCycle];
  u32 limit;   // edges in the cycle
  u32 budget;  // ways still to be tried
};

namespace {

size_t wayBytes(u32 held_count) { return 64 + held_count * 16; }

u64 mix(u64 value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
  value = (value ^ value >> 27) * 0x94d049bb133111ebull;
  return value ^ value >> 31;
}

constexpr u32 kBudget = 20'000;  // ways tried for one new edge: well under a millisecond

}  // namespace

LockGraph::Node* LockGraph::find(uptr lock) const {
  if (bucket_count_ == 0) return nullptr;
  Node* node = buckets_[mix(lock) & (bucket_count_ - 1)];
  while (node != nullptr && node->lock != lock) node = node->next;
  return node;
}

void LockGraph::grow() {
  const u32 count = max(64u, 2 * bucket_count_);
  auto** buckets = static_cast<Node**>(arenaAllocate(count * sizeof(Node*)));
  for (u32 i = 0; i < count; ++i) buckets[i] = nullptr;
  for (u32 i = 0; i < bucket_count_; ++i)
    for (Node* node = buckets_[i]; node != nullptr;) {
      Node* const next = node->next;
      Node*& bucket = buckets[mix(node->lock) & (count - 1)];
      node->next = bucket;
      bucket = node;
      node = next;
    }
  if (buckets_ != nullptr) arenaFree(buckets_, bucket_count_ * sizeof(Node*));
  buckets_ = buckets;
  bucket_count_ = count;
}

LockGraph::Node& LockGraph::need(uptr lock) {
  if (Node* known = find(lock)) return *known;
  if (node_count_ >= bucket_count_) grow();
  Node* node = arenaNew<Node>();
  node->lock = lock;
  node->name = next_name_++;
  Node*& bucket = buckets_[mix(lock) & (bucket_count_ - 1)];
  node->next = bucket;
  bucket = node;
  ++node_count_;
  return *node;
}

LockGraph::Edge& LockGraph::needEdge(Node& from, Node& to) {
  // Both lists hold it; the shorter one ends the search.
  Edge *out = from.out, *in = to.in;
  for (; out != nullptr && in != nullptr; out = out->next_out, in = in->next_in) {
    if (out->to == &to) return *out;
    if (in->from == &from) return *in;
  }
  Edge* edge = arenaNew<Edge>();
  edge->from = &from;
  edge->to = &to;
  const auto link = [](Edge*& head, Edge* added, Edge* Edge::*next, Edge** Edge::*place) {
    added->*next = head;
    if (head != nullptr) head->*place = &(added->*next);
    added->*place = &head;
    head = added;
  };
  link(from.out, edge, &Edge::next_out, &Edge::link_out);
  link(to.in, edge, &Edge::next_in, &Edge::link_in);
  ++edge_count_;
  return *edge;
}

void LockGraph::removeEdge(Edge* edge) {
  *edge->link_out = edge->next_out;
  if (edge->next_out != nullptr) edge->next_out->link_out = edge->link_out;
  *edge->link_in = edge->next_in;
  if (edge->next_in != nullptr) edge->next_in->link_in = edge->link_in;
  while (Way* way = edge->ways) {
    edge->ways = way->next;
    arenaFree(way, wayBytes(way->held_count));
  }
  arenaFree(edge, sizeof(Edge));
  --edge_count_;
}

/// Null if the edge's other ways cover this one.
LockGraph::Way* LockGraph::addWay(Edge& edge, u32 thread, const Lock* held, u32 held_count,
                                  u32 first, const Lock& wanted) {
  static_assert(sizeof(Way) <= 64 && sizeof(Way::Held) == 16);
  Way* way = static_cast<Way*>(arenaAllocate(wayBytes(held_count)));
  *way = {nullptr, thread, held[first].shared, wanted.shared, held[first].stack, wanted.stack, held_count, {}};
  for (u32 i = 0; i < held_count; ++i) way->held[i] = {need(held[i].address).name, held[i].shared};

  const auto isCovered = [&](const Way& by) {
    if ((by.first_shared && !way->first_shared) || (by.second_shared && !way->second_shared)) return false;
    for (u32 i = 0; i < by.held_count; ++i) {
      bool also = false;
      for (u32 j = 0; j < held_count && !also; ++j)
        also = way->held[j].name == by.held[i].name && (by.held[i].shared || !way->held[j].shared);
      if (!also) return false;
    }
    return true;
  };
  const Way* covering = nullptr;
  bool is_covered = edge.way_count == kMaxWays;
  for (const Way* known = edge.ways; known != nullptr && !is_covered; known = known->next) {
    if (!isCovered(*known)) continue;
    is_covered = known->thread == thread || (covering != nullptr && covering->thread != known->thread);
    covering = known;
  }
  if (is_covered) {
    arenaFree(way, wayBytes(held_count));
    return nullptr;
  }
  way->next = edge.ways;
  edge.ways = way;
  ++edge.way_count;
  return way;
}

bool LockGraph::add(u32 thread, const Lock* held, u32 held_count, const Lock& wanted, Cycle& cycle) {
  bool found = false;
  Node& to = need(wanted.address);
  for (u32 first = 0; first < held_count; ++first) {
    if (held[first].address == wanted.address) continue;
    Edge& edge = needEdge(need(held[first].address), to);
    Way* const way = addWay(edge, thread, held, held_count, first, wanted);
    if (way != nullptr && !found) found = findCycle(edge, *way, cycle);
  }
  return found;
}

bool LockGraph::remove(uptr lock) {
  Node* const node = find(lock);
  if (node == nullptr) return false;
  const bool had_edges = node->out != nullptr || node->in != nullptr;
  while (node->out != nullptr) removeEdge(node->out);
  while (node->in != nullptr) removeEdge(node->in);
  Node** link = &buckets_[mix(lock) & (bucket_count_ - 1)];
  while (*link != node) link = &(*link)->next;
  *link = node->next;
  arenaFree(node, sizeof(Node));
  --node_count_;
  return had_edges;
}

void LockGraph::clear() {
  for (u32 i = 0; i < bucket_count_; ++i)
    while (buckets_[i] != nullptr) remove(buckets_[i]->lock);
}

// --- Cycles -----------------------------------------------------------------------------------------

/// Marks all locks from which there is a path to `to`; whether `from` is one.
bool LockGraph::reaches(Node& from, Node& to) {
  ++mark_;
  to.mark = mark_;
  // The list of marked nodes whose edges are still to be followed; each node enters once.
  Node** queue = static_cast<Node**>(arenaAllocate(node_count_ * sizeof(Node*)));
  u32 head = 0, tail = 0;
  queue[tail++] = &to;
  while (head < tail)
    for (Edge* edge = queue[head++]->in; edge != nullptr; edge = edge->next_in)
      if (edge->from->mark != mark_) {
        edge->from->mark = mark_;
        queue[tail++] = edge->from;
      }
  arenaFree(queue, node_count_ * sizeof(Node*));
  return from.mark == mark_;
}

/// Rules 2 and 3 for the way after `depth` others (the first of them also follows it if it closes the
/// cycle, which `extend` sees to).
bool LockGraph::fits(const Search& search, u32 depth, const Way& way) const {
  if (search.ways[depth - 1]->second_shared && way.first_shared) return false;
  for (u32 i = 0; i < depth; ++i) {
    const Way& other = *search.ways[i];
    for (u32 a = 0; a < way.held_count; ++a)
      for (u32 b = 0; b < other.held_count; ++b)
        if (way.held[a].name == other.held[b].name && !(way.held[a].shared && other.held[b].shared))
          return false;
  }
  return true;
}

/// Goes on from `at`, `depth` edges after the start.
bool LockGraph::extend(Search& search, Node& at, u32 depth) {
  for (Edge* edge = at.out; edge != nullptr; edge = edge->next_out) {
    Node& next = *edge->to;
    const bool closes = &next == search.goal;
    if (next.mark != mark_ || next.on_path || closes != (depth + 1 == search.limit)) continue;
    for (const Way* way = edge->ways; way != nullptr; way = way->next) {
      if (search.budget == 0) return false;
      --search.budget;
      if (!fits(search, depth, *way)) continue;
      search.edges[depth] = edge;
      search.ways[depth] = way;
      if (!closes) {
        next.on_path = true;
        const bool found = extend(search, next, depth + 1);
        next.on_path = false;
        if (found) return true;
        continue;
      }
      if (way->second_shared && search.ways[0]->first_shared) continue;
      bool one_thread = true;
      for (u32 i = 0; i < depth && one_thread; ++i) one_thread = search.ways[i]->thread == way->thread;
      if (!one_thread && isNewCycle(search, depth + 1)) return true;
    }
  }
  return false;
}

/// A set of locks is one cycle, whichever way round and however often.
bool LockGraph::isNewCycle(const Search& search, u32 count) {
  u64 hash = count;
  for (u32 i = 0; i < count; ++i) hash += mix(search.edges[i]->from->name);
  if (hash == 0) hash = 1;
  if (2 * (reported_count_ + 1) > reported_capacity_) {
    const u32 old_capacity = reported_capacity_;
    u64* const old = reported_;
    reported_capacity_ = max(64u, 2 * old_capacity);
    reported_ = static_cast<u64*>(arenaAllocate(reported_capacity_ * sizeof(u64)));
    for (u32 i = 0; i < reported_capacity_; ++i) reported_[i] = 0;
    for (u32 i = 0; i < old_capacity; ++i) {
      if (old[i] == 0) continue;
      u32 place = static_cast<u32>(old[i]) & (reported_capacity_ - 1);
      while (reported_[place] != 0) place = (place + 1) & (reported_capacity_ - 1);
      reported_[place] = old[i];
    }
    if (old != nullptr) arenaFree(old, old_capacity * sizeof(u64));
  }
  u32 place = static_cast<u32>(hash) & (reported_capacity_ - 1);
  while (reported_[place] != 0) {
    if (reported_[place] == hash) return false;
    place = (place + 1) & (reported_capacity_ - 1);
  }
  reported_[place] = hash;
  ++reported_count_;
  return true;
}

bool LockGraph::findCycle(Edge& edge, Way& way, Cycle& cycle) {
  if (!reaches(*edge.to, *edge.from)) return false;
  Search search{edge.from, {&edge}, {&way}, 0, kBudget};
  // Short cycles are the ones to show: deeper and deeper.
  const u32 longest = min(node_count_, kMaxCycle);
  edge.to->on_path = true;
  bool found = false;
  for (search.limit = 2; search.limit <= longest && !found && search.budget != 0; ++search.limit)
    found = extend(search, *edge.to, 1);
  edge.to->on_path = false;
  if (!found) return false;
  cycle.count = search.limit - 1;
  for (u32 i = 0; i < cycle.count; ++i) {
    const Way& chosen = *search.ways[i];
    cycle.links[i] = {search.edges[i]->from->lock, search.edges[i]->to->lock, chosen.first_shared,
                      chosen.second_shared,        chosen.thread,            chosen.first_stack,
                      chosen.second_stack};
  }
  return true;
}

}  // namespace hindsight
