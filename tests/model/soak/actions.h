// actions.h - what the steps really do: instrumented code, so kept free of everything else.
//
// Each function is called by the player (uninstrumented) and is nothing but the accesses and calls
// of its step. Reads and writes go through `variant`: 0 one instruction, 1 a loop, 2 a library
// function.
#pragma once

#include <cstddef>

namespace soak {

void readMemory(const void* at, std::size_t bytes, int variant);
void writeMemory(void* at, std::size_t bytes, int variant, int value);
void increment(void* at, std::size_t bytes);
void copyMemory(void* to, const void* from, std::size_t bytes, int variant);

/// Several accesses in one function, among the `kMixedBytes` at `at` (aligned to 8); from variant 4
/// on with an operation on the 8-byte atomic at `atomic` between them. generator_memory.cpp says
/// which.
constexpr int kMixedBytes = 32;
constexpr int kMixedVariants = 10;
void mixedAccesses(void* at, void* atomic, int variant);

void atomicLoad(const void* at, std::size_t bytes, int order);
void atomicStore(void* at, std::size_t bytes, int order, int value);
/// `variant`: exchange, add, or, nand.
void atomicUpdate(void* at, std::size_t bytes, int order, int variant);
/// Succeeds if `succeeds`; the caller sees to it that nobody else is at the object.
void compareExchange(void* at, std::size_t bytes, int order, int failure_order, bool succeeds);
void fence(int order);

void* allocate(std::size_t bytes, int variant);
void release(void* block, int variant);
void* resize(void* block, std::size_t bytes);

// Channels of int.
void makeChannel(int which, int capacity);
void dropChannel(int which);
/// In a forked child: what a thread that is gone may hold is left alone.
void forgetChannel(int which);
void sendTo(int which);
void receiveFrom(int which);
void selectFrom(int which);
/// Whether it did.
bool trySendTo(int which);
bool tryReceiveFrom(int which);
void closeChannel(int which);

void rawAcquire(const void* object);
void rawRelease(const void* object);
void rawReleaseStore(const void* object);
void newMemory(void* at, std::size_t bytes);

// Blocks on their way from thread to thread; whoever has one owns it. Null: there is none, or no
// room.
bool offerByChannel(void* block);
void* takeFromChannel();
/// Puts `block` into the slot and takes what was there. `variant`: which orders make that safe.
void* exchangeBlock(void** slot, void* block, int variant);

/// A lock made of an atomic; `variant`: which orders make that a lock.
void lockAtomically(int* word, int variant);
void unlockAtomically(int* word, int variant);

}  // namespace soak
