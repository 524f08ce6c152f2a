// json.cpp - documents built, encoded, decoded, compared and patched with nlohmann's json, in
// threads.
//
// Header code: many small allocations, maps of variants, recursive destruction, bytes in and out.
// Encoded as CBOR and MessagePack, not as text: for text the library calls localeconv(), which is
// not thread-safe (POSIX; glibc fills one static structure), and Hindsight reports that race.
// Verified: what is decoded equals what was encoded, a patch makes the document it was made from.
#include <nlohmann/json.hpp>
#include <string>

#include "../kernels/kernel.h"

namespace {

using Json = nlohmann::json;

Json makeOrder(long number) {
  kernel::Random random(static_cast<std::uint64_t>(number));
  Json order = {{"id", number},
                {"customer", "customer " + std::to_string(random.below(1000))},
                {"express", random.below(2) == 0}};
  Json items = Json::array();
  for (std::uint64_t i = 0, count = 1 + random.below(8); i < count; ++i) {
    items.push_back({{"article", "article \"" + std::to_string(random.below(100)) + "\""},
                     {"quantity", 1 + random.below(5)},
                     {"price", static_cast<double>(random.below(10'000)) / 100}});
  }
  order["items"] = std::move(items);
  return order;
}

double totalOf(const Json& order) {
  double total = 0;
  for (const Json& item : order.at("items")) {
    total += item.at("quantity").get<int>() * item.at("price").get<double>();
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 15'000);
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice orders = kernel::sliceOf(size, index, threads);
    std::uint64_t sum = 0;
    for (long i = orders.begin; i < orders.end; ++i) {
      const Json order = makeOrder(i);
      const std::vector<std::uint8_t> encoded = Json::to_cbor(order);
      Json changed = Json::from_cbor(encoded);
      kernel::require(changed == order, "document decoded");
      changed["total"] = totalOf(changed);
      changed["items"].push_back({{"article", "postage"}, {"quantity", 1}, {"price", 4.5}});
      kernel::require(order.patch(Json::diff(order, changed)) == changed, "document patched");
      sum += static_cast<std::uint64_t>(totalOf(changed) * 100 + 0.5);
      sum += encoded.size() + Json::to_msgpack(changed).size();
    }
    sums[static_cast<std::size_t>(index)] = sum;
  });
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("json", checksum);
}
