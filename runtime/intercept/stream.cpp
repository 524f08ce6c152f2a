// stream.cpp - fopen, fread, fgets, getline and the other stream functions.
//
// A stream orders threads through its descriptor: what may leave the buffer releases the
// descriptor's channel (already when it enters the buffer, and again when it is flushed), what was
// read acquires it. The stream's lock itself is not an edge; flockfile takes it as a lock.
// Real calls run outside the runtime: they wait for that lock and call malloc and free.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "intercept/memory_stream.h"
#include "intercept/signal_safety.h"
#include "intercept/stream_buffer.h"
#include "sync/sync.h"

using namespace hindsight;

namespace {

void releaseStream(InterceptedCall& call, FILE* stream) {
  releaseFd(call, fileno_unlocked(stream));
}

void useStream(InterceptedCall& call, FILE* stream) {
  descriptorUsed(call, fileno_unlocked(stream));
}

void acquireStream(InterceptedCall& call, FILE* stream) {
  acquireFd(call.thread(), fileno_unlocked(stream));
}

template <class RealOpen>
FILE* openStream(uptr pc, const char* path, const char* mode, RealOpen real_open) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_open();
  unsafeInHandler(call, "fopen");
  if (path != nullptr) call.readsString(path);
  call.readsString(mode);
  FILE* stream = call.blocking(real_open);
  if (stream != nullptr) fdOpened(call, fileno_unlocked(stream));
  return stream;
}

template <class RealClose>
int closeStream(uptr pc, FILE* stream, RealClose real_close) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_close();
  unsafeInHandler(call, "fclose");
  checkStreamClosing(call, stream);
  fdClosing(call, fileno_unlocked(stream));
  const ClosingMemoryStream memory(stream);
  const int result = call.blocking(real_close);
  memory.closed(call);
  return result;
}

template <class RealRead>
size_t readItems(uptr pc, void* buffer, size_t size, FILE* stream, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  unsafeInHandler(call, "fread");
  useStream(call, stream);
  const size_t items = callOnStream(call, stream, real_read);
  acquireStream(call, stream);
  call.writes(buffer, items * size);
  return items;
}

template <class RealWrite>
size_t writeItems(uptr pc, const void* data, size_t bytes, FILE* stream, RealWrite real_write) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_write();
  unsafeInHandler(call, "fwrite");
  call.reads(data, bytes);
  releaseStream(call, stream);
  return callOnStream(call, stream, real_write);
}

template <class RealRead>
char* readLine(uptr pc, char* buffer, FILE* stream, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  unsafeInHandler(call, "fgets");
  useStream(call, stream);
  char* line = callOnStream(call, stream, real_read);
  acquireStream(call, stream);
  if (line != nullptr) call.writes(buffer, real.strlen(buffer) + 1);
  return line;
}

template <class RealWrite>
int writeString(uptr pc, const char* text, FILE* stream, RealWrite real_write) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_write();
  unsafeInHandler(call, "puts or fputs");
  call.readsString(text);
  releaseStream(call, stream);
  return callOnStream(call, stream, real_write);
}

template <class RealRead>
ssize_t readDelimited(uptr pc, char** line, size_t* room, FILE* stream, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  unsafeInHandler(call, "getline");
  useStream(call, stream);
  const ssize_t length = callOnStream(call, stream, real_read);
  acquireStream(call, stream);
  call.writes(line, sizeof *line);
  call.writes(room, sizeof *room);
  if (length > 0) call.writes(*line, static_cast<size_t>(length) + 1);
  return length;
}

template <class RealRead>
int readCharacter(uptr pc, FILE* stream, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  unsafeInHandler(call, "getc");
  useStream(call, stream);
  const int character = callOnStream(call, stream, real_read);
  acquireStream(call, stream);
  return character;
}

}  // namespace

// Opening and closing

HINDSIGHT_INTERCEPTOR FILE* fopen(const char* path, const char* mode) {
  return openStream(HINDSIGHT_CALLER_PC, path, mode, [=] { return real.fopen(path, mode); });
}
HINDSIGHT_ALIAS(fopen64, fopen);
HINDSIGHT_ALIAS(_IO_fopen, fopen);

HINDSIGHT_INTERCEPTOR FILE* freopen(const char* path, const char* mode, FILE* stream) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.freopen(path, mode, stream);
  if (path != nullptr) call.readsString(path);
  call.readsString(mode);
  checkStreamClosing(call, stream);
  descriptorUsed(call, fileno_unlocked(stream));
  fdClosing(call.thread(), fileno_unlocked(stream));
  FILE* result = call.blocking([=] { return real.freopen(path, mode, stream); });
  if (result != nullptr) fdOpened(call, fileno_unlocked(result));
  return result;
}
HINDSIGHT_ALIAS(freopen64, freopen);

HINDSIGHT_INTERCEPTOR FILE* tmpfile() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.tmpfile();
  FILE* stream = call.blocking([=] { return real.tmpfile(); });
  if (stream != nullptr) fdOpened(call, fileno_unlocked(stream));
  return stream;
}
HINDSIGHT_ALIAS(tmpfile64, tmpfile);

HINDSIGHT_INTERCEPTOR int fclose(FILE* stream) {
  return closeStream(HINDSIGHT_CALLER_PC, stream, [=] { return real.fclose(stream); });
}
HINDSIGHT_ALIAS(_IO_fclose, fclose);

HINDSIGHT_INTERCEPTOR FILE* popen(const char* command, const char* mode) {
  return openStream(HINDSIGHT_CALLER_PC, command, mode, [=] { return real.popen(command, mode); });
}
HINDSIGHT_ALIAS(_IO_popen, popen);

HINDSIGHT_INTERCEPTOR int pclose(FILE* stream) {
  return closeStream(HINDSIGHT_CALLER_PC, stream, [=] { return real.pclose(stream); });
}

HINDSIGHT_INTERCEPTOR int fflush(FILE* stream) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.fflush(stream);
  unsafeInHandler(call, "fflush");
  if (stream != nullptr) releaseStream(call, stream);
  const int result = callOnStream(call, stream, [=] { return real.fflush(stream); });
  memoryStreamFlushed(call, stream);
  return result;
}
HINDSIGHT_ALIAS(_IO_fflush, fflush);

// Blocks

HINDSIGHT_INTERCEPTOR size_t fread(void* buffer, size_t size, size_t count, FILE* stream) {
  return readItems(HINDSIGHT_CALLER_PC, buffer, size, stream,
                   [=] { return real.fread(buffer, size, count, stream); });
}
HINDSIGHT_ALIAS(_IO_fread, fread);

HINDSIGHT_INTERCEPTOR size_t fread_unlocked(void* buffer, size_t size, size_t count, FILE* stream) {
  return readItems(HINDSIGHT_CALLER_PC, buffer, size, stream,
                   [=] { return real.fread_unlocked(buffer, size, count, stream); });
}

HINDSIGHT_INTERCEPTOR size_t __fread_chk(void* buffer, size_t room, size_t size, size_t count,
                                         FILE* stream) {
  return readItems(HINDSIGHT_CALLER_PC, buffer, size, stream,
                   [=] { return real.__fread_chk(buffer, room, size, count, stream); });
}

HINDSIGHT_INTERCEPTOR size_t fwrite(const void* data, size_t size, size_t count, FILE* stream) {
  return writeItems(HINDSIGHT_CALLER_PC, data, size * count, stream,
                    [=] { return real.fwrite(data, size, count, stream); });
}
HINDSIGHT_ALIAS(_IO_fwrite, fwrite);

HINDSIGHT_INTERCEPTOR size_t fwrite_unlocked(const void* data, size_t size, size_t count,
                                             FILE* stream) {
  return writeItems(HINDSIGHT_CALLER_PC, data, size * count, stream,
                    [=] { return real.fwrite_unlocked(data, size, count, stream); });
}

// Lines and characters

HINDSIGHT_INTERCEPTOR char* fgets(char* buffer, int room, FILE* stream) {
  return readLine(HINDSIGHT_CALLER_PC, buffer, stream,
                  [=] { return real.fgets(buffer, room, stream); });
}
HINDSIGHT_ALIAS(_IO_fgets, fgets);

HINDSIGHT_INTERCEPTOR char* __fgets_chk(char* buffer, size_t object_room, int room, FILE* stream) {
  return readLine(HINDSIGHT_CALLER_PC, buffer, stream,
                  [=] { return real.__fgets_chk(buffer, object_room, room, stream); });
}

HINDSIGHT_INTERCEPTOR int fputs(const char* text, FILE* stream) {
  return writeString(HINDSIGHT_CALLER_PC, text, stream, [=] { return real.fputs(text, stream); });
}
HINDSIGHT_ALIAS(_IO_fputs, fputs);

HINDSIGHT_INTERCEPTOR int puts(const char* text) {
  return writeString(HINDSIGHT_CALLER_PC, text, stdout, [=] { return real.puts(text); });
}
HINDSIGHT_ALIAS(_IO_puts, puts);

HINDSIGHT_INTERCEPTOR ssize_t getline(char** line, size_t* room, FILE* stream) {
  return readDelimited(HINDSIGHT_CALLER_PC, line, room, stream,
                       [=] { return real.getline(line, room, stream); });
}

HINDSIGHT_INTERCEPTOR ssize_t getdelim(char** line, size_t* room, int delimiter, FILE* stream) {
  return readDelimited(HINDSIGHT_CALLER_PC, line, room, stream,
                       [=] { return real.getdelim(line, room, delimiter, stream); });
}
HINDSIGHT_ALIAS(__getdelim, getdelim);

HINDSIGHT_INTERCEPTOR int fgetc(FILE* stream) {
  return readCharacter(HINDSIGHT_CALLER_PC, stream, [=] { return real.fgetc(stream); });
}

HINDSIGHT_INTERCEPTOR int getc(FILE* stream) {
  return readCharacter(HINDSIGHT_CALLER_PC, stream, [=] { return real.fgetc(stream); });
}
HINDSIGHT_ALIAS(_IO_getc, getc);

HINDSIGHT_INTERCEPTOR int getchar() {
  return readCharacter(HINDSIGHT_CALLER_PC, stdin, [=] { return real.getchar(); });
}

// The stream's lock, in the program's hands

HINDSIGHT_INTERCEPTOR void flockfile(FILE* stream) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.flockfile(stream);
  call.blocking([=] { real.flockfile(stream); });
  lockObtained(call.thread(), reinterpret_cast<uptr>(stream), LockMode::Exclusive, call.pc());
}
HINDSIGHT_ALIAS(_IO_flockfile, flockfile);

HINDSIGHT_INTERCEPTOR int ftrylockfile(FILE* stream) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.ftrylockfile(stream);
  const int busy = real.ftrylockfile(stream);
  if (busy == 0)
    lockObtained(call.thread(), reinterpret_cast<uptr>(stream), LockMode::Exclusive, call.pc(),
                 LockCall::Tries);
  return busy;
}
HINDSIGHT_ALIAS(_IO_ftrylockfile, ftrylockfile);

HINDSIGHT_INTERCEPTOR void funlockfile(FILE* stream) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) lockReleasing(call.thread(), reinterpret_cast<uptr>(stream));
  real.funlockfile(stream);
}
HINDSIGHT_ALIAS(_IO_funlockfile, funlockfile);
