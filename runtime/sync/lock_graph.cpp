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
  Edge* next;                  // in the bucket
  Edge *next_out, **link_out;  // in from->out
  Edge *next_in, **link_in;    // in to->in
  Way* ways;
  u32 way_count;
  bool goes_down;
};

struct LockGraph::Node {
  uptr lock;
  u64 name;
  Node* next;  // in the bucket
  Edge *out, *in;
  sptr number;  // edges go upwards, but for those counted in downward_
  u64 mark;     // of the search that has met it
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

/// Shell sort: the sets are small, and mostly in order.
template <typename Node>
void sortByNumber(Node** nodes, u32 count) {
  for (u32 gap = count / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
    for (u32 i = gap; i < count; ++i) {
      Node* const node = nodes[i];
      u32 place = i;
      for (; place >= gap && nodes[place - gap]->number > node->number; place -= gap)
        nodes[place] = nodes[place - gap];
      nodes[place] = node;
    }
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
  if (buckets_ != nullptr) {
    arenaFree(buckets_, bucket_count_ * sizeof(Node*));
    arenaFree(scratch_, scratchBytes());
  }
  buckets_ = buckets;
  bucket_count_ = count;
  scratch_ = static_cast<Node**>(arenaAllocate(scratchBytes()));
}

LockGraph::Node& LockGraph::need(uptr lock) {
  if (Node* known = find(lock)) return *known;
  if (node_count_ >= bucket_count_) grow();
  Node* node = arenaNew<Node>();
  node->lock = lock;
  node->name = next_name_++;
  node->number = highest_++;
  Node*& bucket = buckets_[mix(lock) & (bucket_count_ - 1)];
  node->next = bucket;
  bucket = node;
  ++node_count_;
  return *node;
}

LockGraph::Edge*& LockGraph::edgeBucket(const Node& from, const Node& to) {
  return edge_buckets_[mix(from.name * 0x9e3779b97f4a7c15ull + to.name) & (edge_bucket_count_ - 1)];
}

void LockGraph::growEdges() {
  const u32 old_count = edge_bucket_count_;
  Edge** const old = edge_buckets_;
  edge_bucket_count_ = max(64u, 2 * old_count);
  edge_buckets_ = static_cast<Edge**>(arenaAllocate(edge_bucket_count_ * sizeof(Edge*)));
  for (u32 i = 0; i < edge_bucket_count_; ++i) edge_buckets_[i] = nullptr;
  for (u32 i = 0; i < old_count; ++i)
    for (Edge* edge = old[i]; edge != nullptr;) {
      Edge* const next = edge->next;
      Edge*& bucket = edgeBucket(*edge->from, *edge->to);
      edge->next = bucket;
      bucket = edge;
      edge = next;
    }
  if (old != nullptr) arenaFree(old, old_count * sizeof(Edge*));
}

LockGraph::Edge& LockGraph::needEdge(Node& from, Node& to) {
  if (edge_count_ >= edge_bucket_count_) growEdges();
  Edge*& bucket = edgeBucket(from, to);
  for (Edge* known = bucket; known != nullptr; known = known->next)
    if (known->from == &from && known->to == &to) return *known;
  Edge* edge = arenaNew<Edge>();
  edge->from = &from;
  edge->to = &to;
  edge->next = bucket;
  bucket = edge;
  const auto link = [](Edge*& head, Edge* added, Edge* Edge::*next, Edge** Edge::*place) {
    added->*next = head;
    if (head != nullptr) head->*place = &(added->*next);
    added->*place = &head;
    head = added;
  };
  link(from.out, edge, &Edge::next_out, &Edge::link_out);
  link(to.in, edge, &Edge::next_in, &Edge::link_in);
  ++edge_count_;
  number(*edge);
  return *edge;
}

void LockGraph::removeEdge(Edge* edge) {
  Edge** place = &edgeBucket(*edge->from, *edge->to);
  while (*place != edge) place = &(*place)->next;
  *place = edge->next;
  *edge->link_out = edge->next_out;
  if (edge->next_out != nullptr) edge->next_out->link_out = edge->link_out;
  *edge->link_in = edge->next_in;
  if (edge->next_in != nullptr) edge->next_in->link_in = edge->link_in;
  while (Way* way = edge->ways) {
    edge->ways = way->next;
    arenaFree(way, wayBytes(way->held_count));
  }
  downward_ -= edge->goes_down;
  arenaFree(edge, sizeof(Edge));
  --edge_count_;
}

/// Null if the edge's other ways cover this one.
LockGraph::Way* LockGraph::addWay(Edge& edge, u32 thread, const Lock* held, u32 held_count,
                                  u32 first, const Lock& wanted) {
  static_assert(sizeof(Way) <= 64 && sizeof(Way::Held) == 16);
  Way* way = static_cast<Way*>(arenaAllocate(wayBytes(held_count)));
  *way = {nullptr,           thread,       held[first].shared, wanted.shared,
          held[first].stack, wanted.stack, held_count,         {}};
  for (u32 i = 0; i < held_count; ++i) way->held[i] = {need(held[i].address).name, held[i].shared};

  const auto isCovered = [&](const Way& by) {
    if ((by.first_shared && !way->first_shared) || (by.second_shared && !way->second_shared))
      return false;
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
    is_covered =
        known->thread == thread || (covering != nullptr && covering->thread != known->thread);
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

bool LockGraph::add(u32 thread, const Lock* held, u32 held_count, const Lock& wanted,
                    Cycle& cycle) {
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

// --- Cycles --------------------------------------------------------------------------------------

/// Sees to it that the edge goes upwards, unless it closes a cycle or there is one already.
void LockGraph::number(Edge& added) {
  Node &from = *added.from, &to = *added.to;
  if (from.number < to.number) return;
  if (from.in == nullptr) {
    from.number = --lowest_;
  } else if (to.out == nullptr) {
    to.number = highest_++;
  } else if (downward_ != 0 || !makeRoom(from, to)) {
    added.goes_down = true;
    ++downward_;
  }
}

/// Numbers the locks between `to` and `from` anew, so that `from` comes first. False if there is a
/// path from `to` to `from`.
bool LockGraph::makeRoom(Node& from, Node& to) {
  Node** const after = scratch_;                   // reached from `to`
  Node** const before = scratch_ + bucket_count_;  // from which `from` is reached
  u32 after_count = 0, before_count = 0;
  to.mark = ++mark_;
  after[after_count++] = &to;
  for (u32 i = 0; i < after_count; ++i)
    for (Edge* edge = after[i]->out; edge != nullptr; edge = edge->next_out) {
      Node* const next = edge->to;
      if (next == &from) return false;
      if (next->mark == mark_ || next->number > from.number) continue;
      next->mark = mark_;
      after[after_count++] = next;
    }
  from.mark = ++mark_;
  before[before_count++] = &from;
  for (u32 i = 0; i < before_count; ++i)
    for (Edge* edge = before[i]->in; edge != nullptr; edge = edge->next_in) {
      Node* const next = edge->from;
      if (next->mark == mark_ || next->number < to.number) continue;
      next->mark = mark_;
      before[before_count++] = next;
    }
  // Both keep their inner order, and share the numbers that they have.
  sortByNumber(after, after_count);
  sortByNumber(before, before_count);
  sptr* const numbers = reinterpret_cast<sptr*>(scratch_ + size_t{2} * bucket_count_);
  u32 a = 0, b = 0;
  while (a + b < after_count + before_count) {
    const bool takes_after =
        b == before_count || (a < after_count && after[a]->number < before[b]->number);
    numbers[a + b] = takes_after ? after[a]->number : before[b]->number;
    ++(takes_after ? a : b);
  }
  for (u32 i = 0; i < before_count; ++i) before[i]->number = numbers[i];
  for (u32 i = 0; i < after_count; ++i) after[i]->number = numbers[before_count + i];
  return true;
}

/// Marks locks from which there is a path to `to`, near ones first; whether `from` is one. Gives up
/// after kMaxVisits edges.
bool LockGraph::reaches(Node& from, Node& to) {
  to.mark = ++mark_;
  Node** const queue =
      scratch_;  // marked nodes whose edges are still to be followed; each enters once
  u32 head = 0, tail = 0, visits = 0;
  queue[tail++] = &to;
  while (head < tail && visits < kMaxVisits)
    for (Edge* edge = queue[head++]->in; edge != nullptr; edge = edge->next_in, ++visits)
      if (edge->from->mark != mark_) {
        edge->from->mark = mark_;
        queue[tail++] = edge->from;
      }
  return from.mark == mark_;
}

/// Rules 2 and 3 for the way after `depth` others (the first of them also follows it if it closes
/// the cycle, which `extend` sees to).
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
// NOLINTNEXTLINE(readability-function-cognitive-complexity): a search that calls itself
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
      for (u32 i = 0; i < depth && one_thread; ++i)
        one_thread = search.ways[i]->thread == way->thread;
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
  if (downward_ == 0 || !reaches(*edge.to, *edge.from)) return false;
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
    cycle.links[i] = {search.edges[i]->from->lock,
                      search.edges[i]->to->lock,
                      chosen.first_shared,
                      chosen.second_shared,
                      chosen.thread,
                      chosen.first_stack,
                      chosen.second_stack};
  }
  return true;
}

}  // namespace hindsight
