// random.cpp - random numbers whose state the program keeps, or that nothing guards.
//
// rand and random lock their state, the drand48 family does not: its hidden state is one object
// here.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

struct HiddenState {
  char value;
} the_state_of_drand48;

/// Of a larger state glibc uses no more than this.
void writesState(InterceptedCall& call, const char* state, size_t bytes) {
  constexpr size_t kMost = 256;
  writesBytes(call, state, min(bytes, kMost));
}

}  // namespace

HINDSIGHT_INTERCEPTOR int rand_r(unsigned int* seed) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.rand_r(seed); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, seed); });
}

HINDSIGHT_INTERCEPTOR int random_r(struct random_data* buf, int32_t* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.random_r(buf, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, buf);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int srandom_r(unsigned int seed, struct random_data* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.srandom_r(seed, buf); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int initstate_r(unsigned int seed, char* statebuf, size_t statelen,
                                      struct random_data* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.initstate_r(seed, statebuf, statelen, buf); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesState(call, statebuf, statelen);
          writesObject(call, buf);
        }
      });
}

HINDSIGHT_INTERCEPTOR int setstate_r(char* statebuf, struct random_data* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setstate_r(statebuf, buf); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR char* initstate(unsigned int seed, char* statebuf, size_t statelen) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.initstate(seed, statebuf, statelen); }, kReadsNothing,
      [=](InterceptedCall& call, const char* old) {
        if (old != nullptr) writesState(call, statebuf, statelen);
      });
}

HINDSIGHT_INTERCEPTOR char* setstate(char* statebuf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setstate(statebuf); },
      [=](InterceptedCall& call) { readsObject(call, statebuf); });
}

HINDSIGHT_INTERCEPTOR double drand48() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.drand48(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, &the_state_of_drand48); });
}

HINDSIGHT_INTERCEPTOR long lrand48() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lrand48(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, &the_state_of_drand48); });
}

HINDSIGHT_INTERCEPTOR long mrand48() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mrand48(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, &the_state_of_drand48); });
}

HINDSIGHT_INTERCEPTOR void srand48(long seedval) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.srand48(seedval); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, &the_state_of_drand48); });
}

HINDSIGHT_INTERCEPTOR unsigned short* seed48(unsigned short* seed16v) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.seed48(seed16v); },
      [=](InterceptedCall& call) { readsBytes(call, seed16v, 6); },
      [=](InterceptedCall& call, auto result) {
        writesObject(call, &the_state_of_drand48);
        writesBytes(call, result, 6);
      });
}

HINDSIGHT_INTERCEPTOR void lcong48(unsigned short* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lcong48(param); },
      [=](InterceptedCall& call) { readsBytes(call, param, 14); },
      [=](InterceptedCall& call) { writesObject(call, &the_state_of_drand48); });
}

HINDSIGHT_INTERCEPTOR double erand48(unsigned short* xsubi) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.erand48(xsubi); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesBytes(call, xsubi, 6); });
}

HINDSIGHT_INTERCEPTOR long nrand48(unsigned short* xsubi) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.nrand48(xsubi); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesBytes(call, xsubi, 6); });
}

HINDSIGHT_INTERCEPTOR long jrand48(unsigned short* xsubi) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.jrand48(xsubi); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesBytes(call, xsubi, 6); });
}

HINDSIGHT_INTERCEPTOR int drand48_r(struct drand48_data* buffer, double* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.drand48_r(buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int lrand48_r(struct drand48_data* buffer, long* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lrand48_r(buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int mrand48_r(struct drand48_data* buffer, long* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mrand48_r(buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int srand48_r(long seedval, struct drand48_data* buffer) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.srand48_r(seedval, buffer); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int seed48_r(unsigned short* seed16v, struct drand48_data* buffer) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.seed48_r(seed16v, buffer); },
      [=](InterceptedCall& call) { readsBytes(call, seed16v, 6); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int lcong48_r(unsigned short* param, struct drand48_data* buffer) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lcong48_r(param, buffer); },
      [=](InterceptedCall& call) { readsBytes(call, param, 14); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int erand48_r(unsigned short* xsubi, struct drand48_data* buffer,
                                    double* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.erand48_r(xsubi, buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesBytes(call, xsubi, 6);
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int nrand48_r(unsigned short* xsubi, struct drand48_data* buffer,
                                    long* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.nrand48_r(xsubi, buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesBytes(call, xsubi, 6);
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}

HINDSIGHT_INTERCEPTOR int jrand48_r(unsigned short* xsubi, struct drand48_data* buffer,
                                    long* out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.jrand48_r(xsubi, buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesBytes(call, xsubi, 6);
          writesObject(call, buffer);
          writesObject(call, out);
        }
      });
}
