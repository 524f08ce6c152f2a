// compat_fiber.cpp - the clean twin with switches that order nothing. The stacks are the fiber's own.
// EXPECT: races>=2
// EXPECT: contains "Global 'ping_pong'"
// EXPECT: contains "Global 'travelled'"
// EXPECT: contains "'ping'"
// EXPECT: contains "'traveller'"
// EXPECT: contains "inFiber()"
// EXPECT: not-contains "before_creation"
#define RACY
#include "clean/compat_fiber.cpp"
