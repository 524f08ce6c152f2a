#!/usr/bin/env bash
# A C program opens plugins in C++ for themselves (RTLD_LOCAL): each brings a C++ library and an unwinder
# that the program has not, and those of two of them may differ. A plugin's constructor may wait for a
# thread that throws, while it has the loader's lock. (Not with LLVM's unwinder, which needs that itself.)
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

cat >host.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char** plugins) {
  for (int i = 1; i < count; i++) {
    void* plugin = dlopen(plugins[i], RTLD_NOW | RTLD_LOCAL);
    if (!plugin) return puts(dlerror()), 1;
    int (*run)(void) = (int (*)(void))dlsym(plugin, "run");
    printf("%d from %s\n", run(), plugins[i]);
    if (i == 1) dlclose(plugin);
  }
  return 0;
}
END

cat >plugin.cpp <<'END'
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>

struct Starts {
  std::string caught;
  Starts() {
#ifdef _LIBCPP_VERSION
    caught = "started";
#else
    std::thread([this] {
      try {
        throw std::runtime_error("started");
      } catch (const std::exception& error) {
        caught = error.what();
      }
    }).join();
#endif
  }
} starts;

static int failures = 1;
static int& retried() {
  static int value = failures-- > 0 ? throw 1 : 2;
  return value;
}

extern "C" int run() {
  int passed = starts.caught == "started";
  volatile size_t too_many = ~size_t{0} / 2;
  std::set_new_handler([] { std::set_new_handler(nullptr); });
  try {
    static char* volatile block = new char[too_many];
    passed += 100 + (block != nullptr);
  } catch (const std::bad_alloc&) {
    passed += std::get_new_handler() == nullptr;
  }
  for (int i = 0; i < 2; ++i) try {
      passed += retried() == 2;
    } catch (int) {
      ++passed;
    }
  std::once_flag once;
  try {
    std::call_once(once, [] { throw 1; });
  } catch (int) {
    ++passed;
  }
  std::call_once(once, [&] { ++passed; });
  std::exception_ptr shared;
  try {
    throw std::string(100, 'x');
  } catch (...) {
    shared = std::current_exception();
  }
  std::thread([&passed, shared] {
    try {
      std::rethrow_exception(shared);
    } catch (const std::string& text) {
      passed += text.size() == 100;
    }
  }).join();
  shared = nullptr;
  std::shared_mutex lock;
  lock.lock_shared();
  lock.unlock_shared();
  auto owned = std::make_shared<int>(1);
  std::weak_ptr<int> known = owned;
  owned.reset();
  return passed + (known.lock() == nullptr);
}
END

expect_ok "$CXX" -std=c++17 -g -fPIC -shared plugin.cpp -o plugin.so
plugins=(./plugin.so)
expect_ok "$CXX" -std=c++17 -g -O1 -fPIC -shared plugin.cpp -o optimised.so
plugins+=(./optimised.so)
if "$CXX" -std=c++17 -g -fPIC -shared -stdlib=libc++ plugin.cpp -o libcxx.so 2>.err; then plugins+=(./libcxx.so); fi

for kind in "" --hindsight-shared-runtime; do
  # shellcheck disable=SC2086  # nothing, or a word
  expect_ok "$CC" $kind host.c -o host
  for order in "${plugins[*]}" "$(printf '%s\n' "${plugins[@]}" | tac | xargs)"; do
    # shellcheck disable=SC2086  # a list
    expect_ok timeout 60 ./host $order
    expect_silent
    for plugin in $order; do expect_stdout "8 from $plugin"; done
  done
done
