// compat_annotations.cpp - the clean twin without its annotations: each variable races.
// EXPECT: races>=8
// EXPECT: contains "Global 'happens'"
// EXPECT: contains "Global 'wtf'"
// EXPECT: contains "Global 'tsan'"
// EXPECT: contains "Global 'locked'"
// EXPECT: contains "Global 'benign'"
// EXPECT: contains "Global 'pair'"
// EXPECT: contains "Global 'ignored'"
#define RACY
#include "clean/compat_annotations.cpp"
