// compat_mutex.cpp - the clean twin, but each thread takes a lock of its own.
// EXPECT: races>=5
// EXPECT: contains "Global 'plain'"
// EXPECT: contains "Global 'recursive'"
// EXPECT: contains "Global 'tried'"
// EXPECT: contains "Global 'read'"
// EXPECT: contains "Global 'diverted'"
// EXPECT: not-contains "Global 'common'"
// EXPECT: contains "Lock held by thread 1"
#define RACY
#include "clean/compat_mutex.cpp"
