// argz.cpp - argz and envz: vectors of strings in one block.
//
// A change may move or rewrite any of it, so it writes what the vector is afterwards.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <argz.h>
#include <envz.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR error_t argz_create(char* const* argv, char** argz, size_t* len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_create(argv, argz, len); },
      [=](InterceptedCall& call) { readsTexts(call, argv); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, len);
          writesBytes(call, *argz, *len);
        }
      });
}

HINDSIGHT_INTERCEPTOR error_t argz_create_sep(const char* string, int sep, char** argz,
                                              size_t* len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_create_sep(string, sep, argz, len); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, len);
          writesBytes(call, *argz, *len);
        }
      });
}

HINDSIGHT_INTERCEPTOR size_t argz_count(const char* argz, size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_count(argz, len); },
      [=](InterceptedCall& call) { readsBytes(call, argz, len); });
}
HINDSIGHT_ALIAS(__argz_count, argz_count);

HINDSIGHT_INTERCEPTOR void argz_extract(const char* argz, size_t len, char** argv) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_extract(argz, len, argv); },
      [=](InterceptedCall& call) { readsBytes(call, argz, len); },
      [=](InterceptedCall& call) {
        for (size_t i = 0, count = real.argz_count(argz, len); i <= count; ++i)
          writesObject(call, argv + i);
      });
}

HINDSIGHT_INTERCEPTOR void argz_stringify(char* argz, size_t len, int sep) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_stringify(argz, len, sep); },
      [=](InterceptedCall& call) { readsBytes(call, argz, len); },
      [=](InterceptedCall& call) {
        if (len != 0) writesBytes(call, argz, len - 1);
      });
}
HINDSIGHT_ALIAS(__argz_stringify, argz_stringify);

HINDSIGHT_INTERCEPTOR error_t argz_append(char** argz, size_t* argz_len, const char* buf,
                                          size_t buf_len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_append(argz, argz_len, buf, buf_len); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
        readsBytes(call, buf, buf_len);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, argz_len);
          writesBytes(call, *argz + *argz_len - buf_len, buf_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR error_t argz_add(char** argz, size_t* argz_len, const char* str) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_add(argz, argz_len, str); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
        readsText(call, str);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, argz_len);
          writesBytes(call, *argz + *argz_len - textBytes(str), textBytes(str));
        }
      });
}

HINDSIGHT_INTERCEPTOR error_t argz_add_sep(char** argz, size_t* argz_len, const char* string,
                                           int delim) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_add_sep(argz, argz_len, string, delim); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
        readsText(call, string);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, argz_len);
          writesBytes(call, *argz, *argz_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR void argz_delete(char** argz, size_t* argz_len, char* entry) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_delete(argz, argz_len, entry); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
      },
      [=](InterceptedCall& call) {
        writesObject(call, argz);
        writesObject(call, argz_len);
        writesBytes(call, *argz, *argz_len);
      });
}

HINDSIGHT_INTERCEPTOR error_t argz_insert(char** argz, size_t* argz_len, char* before,
                                          const char* entry) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_insert(argz, argz_len, before, entry); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
        readsText(call, entry);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, argz_len);
          writesBytes(call, *argz, *argz_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR error_t argz_replace(char** argz, size_t* argz_len, const char* str,
                                           const char* with, unsigned int* replace_count) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.argz_replace(argz, argz_len, str, with, replace_count); },
      [=](InterceptedCall& call) {
        readsObject(call, argz);
        readsObject(call, argz_len);
        readsText(call, str);
        readsText(call, with);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argz);
          writesObject(call, argz_len);
          writesBytes(call, *argz, *argz_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR char* argz_next(const char* argz, size_t argz_len,
                                      const char* entry) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.argz_next(argz, argz_len, entry); },
      [=](InterceptedCall& call) {
        if (entry != nullptr) readsText(call, entry);
      });
}
HINDSIGHT_ALIAS(__argz_next, argz_next);

HINDSIGHT_INTERCEPTOR char* envz_entry(const char* envz, size_t envz_len,
                                       const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.envz_entry(envz, envz_len, name); },
      [=](InterceptedCall& call) {
        readsBytes(call, envz, envz_len);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR char* envz_get(const char* envz, size_t envz_len, const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.envz_get(envz, envz_len, name); },
      [=](InterceptedCall& call) {
        readsBytes(call, envz, envz_len);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR error_t envz_add(char** envz, size_t* envz_len, const char* name,
                                       const char* value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.envz_add(envz, envz_len, name, value); },
      [=](InterceptedCall& call) {
        readsObject(call, envz);
        readsObject(call, envz_len);
        readsText(call, name);
        readsText(call, value);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, envz);
          writesObject(call, envz_len);
          writesBytes(call, *envz, *envz_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR error_t envz_merge(char** envz, size_t* envz_len, const char* envz2,
                                         size_t envz2_len, int override) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.envz_merge(envz, envz_len, envz2, envz2_len, override); },
      [=](InterceptedCall& call) {
        readsObject(call, envz);
        readsObject(call, envz_len);
        readsBytes(call, envz2, envz2_len);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, envz);
          writesObject(call, envz_len);
          writesBytes(call, *envz, *envz_len);
        }
      });
}

HINDSIGHT_INTERCEPTOR void envz_remove(char** envz, size_t* envz_len, const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.envz_remove(envz, envz_len, name); },
      [=](InterceptedCall& call) {
        readsObject(call, envz);
        readsObject(call, envz_len);
        readsText(call, name);
      },
      [=](InterceptedCall& call) {
        writesObject(call, envz);
        writesObject(call, envz_len);
        writesBytes(call, *envz, *envz_len);
      });
}

HINDSIGHT_INTERCEPTOR void envz_strip(char** envz, size_t* envz_len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.envz_strip(envz, envz_len); },
      [=](InterceptedCall& call) {
        readsObject(call, envz);
        readsObject(call, envz_len);
      },
      [=](InterceptedCall& call) {
        writesObject(call, envz);
        writesObject(call, envz_len);
        writesBytes(call, *envz, *envz_len);
      });
}
