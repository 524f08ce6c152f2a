// tree_walk.cpp - each thread builds search trees, then all threads walk all trees.
//
// Pointer chasing through small heap blocks, first private to a thread and then shared for reading.
#include <algorithm>
#include <memory>

#include "kernel.h"

namespace {

/// A treap [Seidel and Aragon 1996]: a search tree by key and a heap by random priority.
class Treap {
 public:
  explicit Treap(std::uint64_t seed) : random_(seed) {}

  void insert(std::uint32_t key) { insertBelow(root_, key); }

  bool contains(std::uint32_t key) const {
    const Node* node = root_.get();
    while (node != nullptr && node->key != key) {
      node = key < node->key ? node->left.get() : node->right.get();
    }
    return node != nullptr;
  }

  /// Number of distinct keys.
  std::size_t size() const { return root_ ? root_->size : 0; }

  int height() const { return heightOf(root_.get()); }

  /// Calls `visit(key, occurrences)` in the order of the keys.
  template <typename Visit>
  void forEach(Visit visit) const {
    walk(root_.get(), visit);
  }

 private:
  struct Node {
    std::uint32_t key;
    std::uint32_t priority;
    std::uint32_t occurrences = 1;
    std::uint32_t size = 1;
    std::unique_ptr<Node> left;
    std::unique_ptr<Node> right;
  };
  using Link = std::unique_ptr<Node>;

  static std::uint32_t sizeOf(const Link& link) { return link ? link->size : 0; }
  static void updateSize(Node& node) { node.size = 1 + sizeOf(node.left) + sizeOf(node.right); }

  /// Makes `child` (left or right of the root at `root`) the new root; `other` is child's far side.
  static void rotateUp(Link& root, Link Node::*child, Link Node::*other) {
    Link rising = std::move((*root).*child);
    (*root).*child = std::move((*rising).*other);
    updateSize(*root);
    (*rising).*other = std::move(root);
    root = std::move(rising);
    updateSize(*root);
  }

  void insertBelow(Link& root, std::uint32_t key) {
    if (root == nullptr) {
      root = std::make_unique<Node>();
      root->key = key;
      root->priority = static_cast<std::uint32_t>(random_.next());
      return;
    }
    if (key == root->key) {
      ++root->occurrences;
      return;
    }
    const bool goes_left = key < root->key;
    insertBelow(goes_left ? root->left : root->right, key);
    updateSize(*root);
    if (goes_left && root->left->priority > root->priority) {
      rotateUp(root, &Node::left, &Node::right);
    } else if (!goes_left && root->right->priority > root->priority) {
      rotateUp(root, &Node::right, &Node::left);
    }
  }

  static int heightOf(const Node* node) {
    if (node == nullptr) return 0;
    return 1 + std::max(heightOf(node->left.get()), heightOf(node->right.get()));
  }

  template <typename Visit>
  static void walk(const Node* node, Visit& visit) {
    if (node == nullptr) return;
    walk(node->left.get(), visit);
    visit(node->key, node->occurrences);
    walk(node->right.get(), visit);
  }

  kernel::Random random_;
  Link root_;
};

constexpr int kTrees = 8;

struct WalkResult {
  std::uint64_t keys = 0;
  std::uint64_t hits = 0;
  std::uint64_t tallest = 0;
};

WalkResult walkAll(const std::vector<std::unique_ptr<Treap>>& forest, kernel::Slice lookups) {
  WalkResult result;
  for (const auto& tree : forest) {
    std::uint64_t previous = 0;
    tree->forEach([&](std::uint32_t key, std::uint32_t occurrences) {
      kernel::require(key + std::uint64_t{1} > previous, "order of the keys");
      previous = key + std::uint64_t{1};
      result.keys += std::uint64_t{key} * occurrences;
    });
    result.tallest = std::max(result.tallest, static_cast<std::uint64_t>(tree->height()));
  }
  for (long i = lookups.begin; i < lookups.end; ++i) {
    kernel::Random random(static_cast<std::uint64_t>(i) * 7919);
    const Treap& tree = *forest[random.below(kTrees)];
    result.hits += tree.contains(static_cast<std::uint32_t>(random.below(1u << 20))) ? 1 : 0;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 60'000);

  std::vector<std::unique_ptr<Treap>> forest(kTrees);
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    for (int t = index; t < kTrees; t += threads) {
      kernel::Random keys(static_cast<std::uint64_t>(t) + 1);
      auto tree = std::make_unique<Treap>(static_cast<std::uint64_t>(t) + 1000);
      for (long i = 0; i < size; ++i) {
        tree->insert(static_cast<std::uint32_t>(keys.below(1u << 20)));
      }
      forest[static_cast<std::size_t>(t)] = std::move(tree);
    }
  });

  std::vector<WalkResult> results(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    results[static_cast<std::size_t>(index)] =
        walkAll(forest, kernel::sliceOf(10 * size, index, threads));
  });

  kernel::Checksum checksum;
  std::uint64_t hits = 0;
  for (const WalkResult& result : results) {
    kernel::require(result.keys == results[0].keys, "every thread sees the same trees");
    hits += result.hits;
  }
  checksum.add(results[0].keys);
  checksum.add(results[0].tallest);
  checksum.add(hits);
  for (const auto& tree : forest) checksum.add(std::uint64_t{tree->size()});
  return kernel::finish("tree_walk", checksum);
}
