// search_tables.cpp - lfind, hsearch, tsearch, queues: tables that the program owns or the C
// library keeps.
//
// A tree is known by its root pointer, a hash table by its descriptor: what changes the table
// writes that, what looks something up reads it. Comparison functions run as the calling thread.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <search.h>

using namespace hindsight;

namespace {

/// Stands for the one table of hcreate, hsearch and hdestroy.
struct HashTable {
  char contents;
} the_table_of_hsearch;

}  // namespace

HINDSIGHT_INTERCEPTOR void* lfind(const void* key, const void* base, size_t* nmemb, size_t size,
                                  __compar_fn_t compar) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lfind(key, base, nmemb, size, compar); },
      [=](InterceptedCall& call) { readsObject(call, nmemb); });
}

HINDSIGHT_INTERCEPTOR void* lsearch(const void* key, void* base, size_t* count, size_t size,
                                    int (*compare)(const void*, const void*)) {
  const size_t before = *count;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lsearch(key, base, count, size, compare); },
      [=](InterceptedCall& call) { readsObject(call, count); },
      [=](InterceptedCall& call, void* found) {
        if (*count == before) return;
        readsBytes(call, key, size);
        writesBytes(call, found, size);
        writesObject(call, count);
      });
}

HINDSIGHT_INTERCEPTOR int hcreate(size_t nel) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hcreate(nel); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesObject(call, &the_table_of_hsearch);
      });
}

HINDSIGHT_INTERCEPTOR void hdestroy() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hdestroy(); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, &the_table_of_hsearch); });
}

HINDSIGHT_INTERCEPTOR ENTRY* hsearch(ENTRY item, ACTION action) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hsearch(item, action); },
      [=](InterceptedCall& call) {
        readsText(call, item.key);
        if (action == FIND)
          readsObject(call, &the_table_of_hsearch);
        else
          writesObject(call, &the_table_of_hsearch);
      });
}

HINDSIGHT_INTERCEPTOR int hcreate_r(size_t nel, struct hsearch_data* htab) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hcreate_r(nel, htab); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesObject(call, htab);
      });
}

HINDSIGHT_INTERCEPTOR void hdestroy_r(struct hsearch_data* htab) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hdestroy_r(htab); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, htab); });
}

HINDSIGHT_INTERCEPTOR int hsearch_r(ENTRY item, ACTION action, ENTRY** retval,
                                    struct hsearch_data* htab) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hsearch_r(item, action, retval, htab); },
      [=](InterceptedCall& call) {
        readsText(call, item.key);
        if (action == FIND) readsObject(call, htab);
      },
      [=](InterceptedCall& call, auto&&) {
        if (action == ENTER) writesObject(call, htab);
        writesObject(call, retval);
      });
}

HINDSIGHT_INTERCEPTOR void* tsearch(const void* key, void** rootp, __compar_fn_t compar) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tsearch(key, rootp, compar); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, rootp); });
}

HINDSIGHT_INTERCEPTOR void* tdelete(const void* key, void** rootp, __compar_fn_t compar) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tdelete(key, rootp, compar); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, rootp); });
}

HINDSIGHT_INTERCEPTOR void* tfind(const void* key, void* const* rootp, __compar_fn_t compar) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tfind(key, rootp, compar); },
      [=](InterceptedCall& call) { readsObject(call, rootp); });
}

HINDSIGHT_INTERCEPTOR void twalk(const void* root, __action_fn_t action) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.twalk(root, action); },
      [=](InterceptedCall& call) {
        if (root != nullptr) readsBytes(call, root, sizeof(void*));
      });
}

HINDSIGHT_INTERCEPTOR void twalk_r(const void* root, void (*argument2)(const void*, VISIT, void*),
                                   void* closure) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.twalk_r(root, argument2, closure); },
      [=](InterceptedCall& call) {
        if (root != nullptr) readsBytes(call, root, sizeof(void*));
      });
}

HINDSIGHT_INTERCEPTOR void tdestroy(void* root, __free_fn_t freefct) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tdestroy(root, freefct); },
      [=](InterceptedCall& call) {
        if (root != nullptr) readsBytes(call, root, sizeof(void*));
      });
}

namespace {

/// The links that every element of such a queue begins with.
struct Links {
  Links* next;
  Links* previous;
};

}  // namespace

HINDSIGHT_INTERCEPTOR void insque(void* element, void* after) noexcept {
  auto* const self = static_cast<Links*>(element);
  auto* const previous = static_cast<Links*>(after);
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.insque(element, after); },
      [=](InterceptedCall& call) {
        if (previous != nullptr) {
          writesObject(call, &previous->next);
          if (previous->next != nullptr) writesObject(call, &previous->next->previous);
        }
        writesObject(call, self);
      });
}

HINDSIGHT_INTERCEPTOR void remque(void* element) noexcept {
  auto* const self = static_cast<Links*>(element);
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.remque(element); },
      [=](InterceptedCall& call) {
        readsObject(call, self);
        if (self->next != nullptr) writesObject(call, &self->next->previous);
        if (self->previous != nullptr) writesObject(call, &self->previous->next);
      });
}
