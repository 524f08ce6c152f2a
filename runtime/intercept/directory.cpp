// directory.cpp - reading directories and trees of files: readdir_r, scandir, glob, ftw, fts.
//
// An entry that the C library hands out is written when it is handed out; what glob and wordexp
// append to leaves the texts that were there alone. Callbacks run as the calling thread, outside
// the runtime.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <fnmatch.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <wordexp.h>

using namespace hindsight;

namespace {

void writesEntries(InterceptedCall& call, dirent** const* list, int count) {
  if (count < 0) return;
  writesObject(call, list);
  writesBytes(call, *list, static_cast<size_t>(count) * sizeof(dirent*));
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the list is there, or empty
  for (int i = 0; i < count; ++i) writesBytes(call, (*list)[i], (*list)[i]->d_reclen);
}

}  // namespace

HINDSIGHT_INTERCEPTOR DIR* fdopendir(int fd) {
  return intercepted(HINDSIGHT_CALLER_PC, [=] { return real.fdopendir(fd); });
}

HINDSIGHT_INTERCEPTOR int readdir_r(DIR* directory, dirent* entry, dirent** found) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.readdir_r(directory, entry, found); }, kReadsNothing,
      [=](InterceptedCall& call, int error) {
        if (error != 0) return;
        writesObject(call, found);
        if (*found != nullptr) writesBytes(call, entry, entry->d_reclen);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::readdir64_r) readdir64_r, readdir_r);

HINDSIGHT_INTERCEPTOR __ssize_t getdents64(int fd, void* buffer, size_t length) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getdents64(fd, buffer, length); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, buffer, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR __ssize_t getdirentries(int fd, char* buf, size_t nbytes,
                                              __off_t* basep) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getdirentries(fd, buf, nbytes, basep); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          writesBytes(call, buf, static_cast<size_t>(result));
          writesObject(call, basep);
        }
      });
}
HINDSIGHT_ALIAS_AS(decltype(::getdirentries64) getdirentries64, getdirentries);

HINDSIGHT_INTERCEPTOR int scandir(const char* dir, struct dirent*** namelist,
                                  int (*selector)(const struct dirent*),
                                  int (*cmp)(const struct dirent**, const struct dirent**)) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.scandir(dir, namelist, selector, cmp); },
      [=](InterceptedCall& call) { readsText(call, dir); },
      [=](InterceptedCall& call, const auto result) { writesEntries(call, namelist, result); });
}
HINDSIGHT_ALIAS_AS(decltype(::scandir64) scandir64, scandir);

HINDSIGHT_INTERCEPTOR int scandirat(int dfd, const char* dir, struct dirent*** namelist,
                                    int (*selector)(const struct dirent*),
                                    int (*cmp)(const struct dirent**, const struct dirent**)) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.scandirat(dfd, dir, namelist, selector, cmp); },
      [=](InterceptedCall& call) { readsText(call, dir); },
      [=](InterceptedCall& call, const auto result) { writesEntries(call, namelist, result); });
}
HINDSIGHT_ALIAS_AS(decltype(::scandirat64) scandirat64, scandirat);

HINDSIGHT_INTERCEPTOR int alphasort(const struct dirent** e1, const struct dirent** e2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.alphasort(e1, e2); },
      [=](InterceptedCall& call) {
        readsObject(call, e1);
        readsObject(call, e2);
        readsText(call, (*e1)->d_name);
        readsText(call, (*e2)->d_name);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::alphasort64) alphasort64, alphasort);

HINDSIGHT_INTERCEPTOR int versionsort(const struct dirent** e1, const struct dirent** e2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.versionsort(e1, e2); },
      [=](InterceptedCall& call) {
        readsObject(call, e1);
        readsObject(call, e2);
        readsText(call, (*e1)->d_name);
        readsText(call, (*e2)->d_name);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::versionsort64) versionsort64, versionsort);

// Patterns

HINDSIGHT_INTERCEPTOR int fnmatch(const char* pattern, const char* name, int flags) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fnmatch(pattern, name, flags); },
      [=](InterceptedCall& call) {
        readsText(call, pattern);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int glob(const char* pattern, int flags, int (*errfunc)(const char*, int),
                               glob_t* pglob) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(pglob)) return real.glob(pattern, flags, errfunc, pglob);
  readsText(call, pattern);
  const size_t known = (flags & GLOB_APPEND) != 0 ? pglob->gl_pathc : 0;
  const int result = call.blocking([=] { return real.glob(pattern, flags, errfunc, pglob); });
  writesObject(call, pglob);
  const size_t offset = (flags & GLOB_DOOFFS) != 0 ? pglob->gl_offs : 0;
  if (result == 0) writesTexts(call, pglob->gl_pathv + offset + known);
  return result;
}
HINDSIGHT_ALIAS_AS(decltype(::glob64) glob64, glob);

HINDSIGHT_INTERCEPTOR void globfree(glob_t* pglob) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.globfree(pglob); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, pglob); });
}
HINDSIGHT_ALIAS_AS(decltype(::globfree64) globfree64, globfree);

HINDSIGHT_INTERCEPTOR int glob_pattern_p(const char* pattern, int quote) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.glob_pattern_p(pattern, quote); },
      [=](InterceptedCall& call) { readsText(call, pattern); });
}

HINDSIGHT_INTERCEPTOR int wordexp(const char* words, wordexp_t* pwordexp, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(pwordexp)) return real.wordexp(words, pwordexp, flags);
  readsText(call, words);
  const size_t known = (flags & WRDE_APPEND) != 0 ? pwordexp->we_wordc : 0;
  const int result = call.blocking([=] { return real.wordexp(words, pwordexp, flags); });
  if (result != 0 && result != WRDE_NOSPACE) return result;
  writesObject(call, pwordexp);
  const size_t offset = (flags & WRDE_DOOFFS) != 0 ? pwordexp->we_offs : 0;
  if (result == 0) writesTexts(call, pwordexp->we_wordv + offset + known);
  return result;
}

HINDSIGHT_INTERCEPTOR void wordfree(wordexp_t* wordexp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wordfree(wordexp); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, wordexp); });
}

// Walks

HINDSIGHT_INTERCEPTOR int ftw(const char* dir, __ftw_func_t func, int descriptors) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ftw(dir, func, descriptors); },
      [=](InterceptedCall& call) { readsText(call, dir); });
}
HINDSIGHT_ALIAS_AS(decltype(::ftw64) ftw64, ftw);

HINDSIGHT_INTERCEPTOR int nftw(const char* dir, __nftw_func_t func, int descriptors, int flag) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.nftw(dir, func, descriptors, flag); },
      [=](InterceptedCall& call) { readsText(call, dir); });
}
HINDSIGHT_ALIAS_AS(decltype(::nftw64) nftw64, nftw);

HINDSIGHT_INTERCEPTOR FTS* fts_open(char* const* argument1, int argument2,
                                    int (*argument3)(const FTSENT**, const FTSENT**)) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fts_open(argument1, argument2, argument3); },
      [=](InterceptedCall& call) { readsTexts(call, argument1); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}
HINDSIGHT_ALIAS_AS(decltype(::fts64_open) fts64_open, fts_open);

HINDSIGHT_INTERCEPTOR FTSENT* fts_read(FTS* argument1) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fts_read(argument1); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesObject(call, argument1);
        if (result != nullptr) {
          writesObject(call, result);
          writesText(call, result->fts_path);
        }
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fts64_read) fts64_read, fts_read);

HINDSIGHT_INTERCEPTOR FTSENT* fts_children(FTS* argument1, int argument2) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fts_children(argument1, argument2); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesObject(call, argument1);
        for (const FTSENT* at = result; at != nullptr; at = at->fts_link) writesObject(call, at);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fts64_children) fts64_children, fts_children);

HINDSIGHT_INTERCEPTOR int fts_set(FTS* argument1, FTSENT* argument2, int argument3) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fts_set(argument1, argument2, argument3); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, argument2);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fts64_set) fts64_set, fts_set);

HINDSIGHT_INTERCEPTOR int fts_close(FTS* argument1) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fts_close(argument1); },
      [=](InterceptedCall& call) { readsObject(call, argument1); });
}
HINDSIGHT_ALIAS_AS(decltype(::fts64_close) fts64_close, fts_close);
