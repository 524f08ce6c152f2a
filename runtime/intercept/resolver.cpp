// resolver.cpp - domain names and queries.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <resolv.h>

using namespace hindsight;

namespace {

/// What came back of an answer: at most the room that the caller gave.
void writesAnswer(InterceptedCall& call, const unsigned char* answer, int bytes, int room) {
  if (bytes > 0) writesBytes(call, answer, static_cast<size_t>(min(bytes, room)));
}

}  // namespace

HINDSIGHT_INTERCEPTOR int dn_expand(const unsigned char* argument1, const unsigned char* argument2,
                                    const unsigned char* argument3, char* argument4,
                                    int argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.dn_expand(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsBytes(call, argument3, 1); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesText(call, argument4);
      });
}

HINDSIGHT_INTERCEPTOR int dn_comp(const char* argument1, unsigned char* argument2, int argument3,
                                  unsigned char** argument4, unsigned char** argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.dn_comp(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsText(call, argument1); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, argument2, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int dn_skipname(const unsigned char* argument1,
                                      const unsigned char* argument2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dn_skipname(argument1, argument2); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) readsBytes(call, argument1, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_ntop(const unsigned char* argument1, char* argument2,
                                       size_t argument3) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ns_name_ntop(argument1, argument2, argument3); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, argument2, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_pton(const char* argument1, unsigned char* argument2,
                                       size_t argument3) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ns_name_pton(argument1, argument2, argument3); },
      [=](InterceptedCall& call) { readsText(call, argument1); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesText(call, reinterpret_cast<const char*>(argument2));
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_unpack(const unsigned char* argument1,
                                         const unsigned char* argument2,
                                         const unsigned char* argument3, unsigned char* argument4,
                                         size_t argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.ns_name_unpack(argument1, argument2, argument3, argument4, argument5); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          readsBytes(call, argument3, static_cast<size_t>(result));
          writesText(call, reinterpret_cast<const char*>(argument4));
        }
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_uncompress(const unsigned char* argument1,
                                             const unsigned char* argument2,
                                             const unsigned char* argument3, char* argument4,
                                             size_t argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.ns_name_uncompress(argument1, argument2, argument3, argument4, argument5);
      },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          readsBytes(call, argument3, static_cast<size_t>(result));
          writesText(call, argument4);
        }
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_compress(const char* argument1, unsigned char* argument2,
                                           size_t argument3, const unsigned char** argument4,
                                           const unsigned char** argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.ns_name_compress(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsText(call, argument1); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, argument2, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_pack(const unsigned char* argument1, unsigned char* argument2,
                                       int argument3, const unsigned char** argument4,
                                       const unsigned char** argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.ns_name_pack(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsText(call, reinterpret_cast<const char*>(argument1)); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, argument2, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int ns_name_skip(const unsigned char** argument1,
                                       const unsigned char* argument2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ns_name_skip(argument1, argument2); },
      [=](InterceptedCall& call) { readsObject(call, argument1); },
      [=](InterceptedCall& call, auto&&) { writesObject(call, argument1); });
}

HINDSIGHT_INTERCEPTOR int res_dnok(const char* argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.res_dnok(argument1); },
      [=](InterceptedCall& call) { readsText(call, argument1); });
}

HINDSIGHT_INTERCEPTOR int res_hnok(const char* argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.res_hnok(argument1); },
      [=](InterceptedCall& call) { readsText(call, argument1); });
}

HINDSIGHT_INTERCEPTOR int res_mailok(const char* argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.res_mailok(argument1); },
      [=](InterceptedCall& call) { readsText(call, argument1); });
}

HINDSIGHT_INTERCEPTOR int res_ownok(const char* argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.res_ownok(argument1); },
      [=](InterceptedCall& call) { readsText(call, argument1); });
}

HINDSIGHT_INTERCEPTOR int res_query(const char* argument1, int argument2, int argument3,
                                    unsigned char* argument4, int argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.res_query(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsText(call, argument1); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument4, result, argument5);
      });
}

HINDSIGHT_INTERCEPTOR int res_search(const char* argument1, int argument2, int argument3,
                                     unsigned char* argument4, int argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.res_search(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsText(call, argument1); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument4, result, argument5);
      });
}

HINDSIGHT_INTERCEPTOR int res_querydomain(const char* argument1, const char* argument2,
                                          int argument3, int argument4, unsigned char* argument5,
                                          int argument6) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_querydomain(argument1, argument2, argument3, argument4, argument5,
                                    argument6);
      },
      [=](InterceptedCall& call) {
        readsText(call, argument1);
        readsText(call, argument2);
      },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument5, result, argument6);
      });
}

HINDSIGHT_INTERCEPTOR int res_mkquery(int argument1, const char* argument2, int argument3,
                                      int argument4, const unsigned char* argument5, int argument6,
                                      const unsigned char* argument7, unsigned char* argument8,
                                      int argument9) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_mkquery(argument1, argument2, argument3, argument4, argument5, argument6,
                                argument7, argument8, argument9);
      },
      [=](InterceptedCall& call) { readsText(call, argument2); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument8, result, argument9);
      });
}

HINDSIGHT_INTERCEPTOR int res_send(const unsigned char* argument1, int argument2,
                                   unsigned char* argument3, int argument4) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.res_send(argument1, argument2, argument3, argument4); },
      [=](InterceptedCall& call) { readsBytes(call, argument1, static_cast<size_t>(argument2)); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument3, result, argument4);
      });
}

HINDSIGHT_INTERCEPTOR int res_nquery(res_state argument1, const char* argument2, int argument3,
                                     int argument4, unsigned char* argument5,
                                     int argument6) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_nquery(argument1, argument2, argument3, argument4, argument5, argument6);
      },
      [=](InterceptedCall& call) { readsText(call, argument2); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument5, result, argument6);
      });
}

HINDSIGHT_INTERCEPTOR int res_nsearch(res_state argument1, const char* argument2, int argument3,
                                      int argument4, unsigned char* argument5,
                                      int argument6) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_nsearch(argument1, argument2, argument3, argument4, argument5, argument6);
      },
      [=](InterceptedCall& call) { readsText(call, argument2); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument5, result, argument6);
      });
}

HINDSIGHT_INTERCEPTOR int res_nquerydomain(res_state argument1, const char* argument2,
                                           const char* argument3, int argument4, int argument5,
                                           unsigned char* argument6, int argument7) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_nquerydomain(argument1, argument2, argument3, argument4, argument5,
                                     argument6, argument7);
      },
      [=](InterceptedCall& call) {
        readsText(call, argument2);
        readsText(call, argument3);
      },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument6, result, argument7);
      });
}

HINDSIGHT_INTERCEPTOR int res_nmkquery(res_state argument1, int argument2, const char* argument3,
                                       int argument4, int argument5, const unsigned char* argument6,
                                       int argument7, const unsigned char* argument8,
                                       unsigned char* argument9, int argument10) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.res_nmkquery(argument1, argument2, argument3, argument4, argument5, argument6,
                                 argument7, argument8, argument9, argument10);
      },
      [=](InterceptedCall& call) { readsText(call, argument3); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument9, result, argument10);
      });
}

HINDSIGHT_INTERCEPTOR int res_nsend(res_state argument1, const unsigned char* argument2,
                                    int argument3, unsigned char* argument4,
                                    int argument5) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.res_nsend(argument1, argument2, argument3, argument4, argument5); },
      [=](InterceptedCall& call) { readsBytes(call, argument2, static_cast<size_t>(argument3)); },
      [=](InterceptedCall& call, const auto result) {
        writesAnswer(call, argument4, result, argument5);
      });
}

HINDSIGHT_INTERCEPTOR int __res_ninit(res_state argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__res_ninit(argument1); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, argument1); });
}

HINDSIGHT_INTERCEPTOR void __res_nclose(res_state argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__res_nclose(argument1); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, argument1); });
}
