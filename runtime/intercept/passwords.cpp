// passwords.cpp - libcrypt: hashes of passwords, and salts for them.
//
// crypt and crypt_gensalt return the library's own buffer, which every call overwrites. Of the
// space that is handed to crypt_r and its kin the result is checked; the rest is scratch, whose
// layout is the library's own.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

template <class RealCall>
char* hashPassword(uptr pc, const char* phrase, const char* setting, RealCall real_call) {
  return intercepted(
      pc, real_call,
      [=](InterceptedCall& call) {
        readsText(call, phrase);
        readsText(call, setting);
      },
      [](InterceptedCall& call, const char* hash) { writesText(call, hash); });
}

template <class RealCall>
char* makeSalt(uptr pc, const char* prefix, const char* random, int random_bytes,
               RealCall real_call) {
  return intercepted(
      pc, real_call,
      [=](InterceptedCall& call) {
        readsText(call, prefix);
        if (random_bytes > 0) readsBytes(call, random, static_cast<size_t>(random_bytes));
      },
      [](InterceptedCall& call, const char* salt) { writesText(call, salt); });
}

}  // namespace

HINDSIGHT_INTERCEPTOR char* crypt(const char* phrase, const char* setting) noexcept {
  return hashPassword(HINDSIGHT_CALLER_PC, phrase, setting,
                      [=] { return library.crypt(phrase, setting); });
}

HINDSIGHT_INTERCEPTOR char* crypt_r(const char* phrase, const char* setting,
                                    crypt_data* data) noexcept {
  return hashPassword(HINDSIGHT_CALLER_PC, phrase, setting,
                      [=] { return library.crypt_r(phrase, setting, data); });
}

HINDSIGHT_INTERCEPTOR char* crypt_rn(const char* phrase, const char* setting, void* data,
                                     int bytes) noexcept {
  return hashPassword(HINDSIGHT_CALLER_PC, phrase, setting,
                      [=] { return library.crypt_rn(phrase, setting, data, bytes); });
}

/// The block may be enlarged, as by getline.
HINDSIGHT_INTERCEPTOR char* crypt_ra(const char* phrase, const char* setting, void** data,
                                     int* bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(data) || !mayLook(bytes))
    return library.crypt_ra(phrase, setting, data, bytes);
  readsText(call, phrase);
  readsText(call, setting);
  readsObject(call, data);
  readsObject(call, bytes);
  const void* const given = *data;
  const int given_bytes = *bytes;
  char* const hash = call.blocking([=] { return library.crypt_ra(phrase, setting, data, bytes); });
  if (*data != given) writesObject(call, data);
  if (*bytes != given_bytes) writesObject(call, bytes);
  writesText(call, hash);
  return hash;
}

HINDSIGHT_INTERCEPTOR char* crypt_gensalt(const char* prefix, unsigned long count,
                                          const char* random, int random_bytes) noexcept {
  return makeSalt(HINDSIGHT_CALLER_PC, prefix, random, random_bytes,
                  [=] { return library.crypt_gensalt(prefix, count, random, random_bytes); });
}

HINDSIGHT_INTERCEPTOR char* crypt_gensalt_rn(const char* prefix, unsigned long count,
                                             const char* random, int random_bytes, char* output,
                                             int room) noexcept {
  return makeSalt(HINDSIGHT_CALLER_PC, prefix, random, random_bytes, [=] {
    return library.crypt_gensalt_rn(prefix, count, random, random_bytes, output, room);
  });
}

HINDSIGHT_INTERCEPTOR char* crypt_gensalt_ra(const char* prefix, unsigned long count,
                                             const char* random, int random_bytes) noexcept {
  return makeSalt(HINDSIGHT_CALLER_PC, prefix, random, random_bytes,
                  [=] { return library.crypt_gensalt_ra(prefix, count, random, random_bytes); });
}

HINDSIGHT_INTERCEPTOR int crypt_checksalt(const char* setting) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.crypt_checksalt(setting); },
      [=](InterceptedCall& call) { readsText(call, setting); });
}
