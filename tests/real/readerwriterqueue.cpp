// readerwriterqueue.cpp - moodycamel's single-producer single-consumer queues, header-only.
//
// Compiled for a race detector, these headers switch themselves off (no_sanitize on every member)
// and announce each of their fences through AnnotateHappensBefore/After instead. What is tested is
// that convention: atomics and annotations inside no_sanitize functions must still count.
// Verified: every string arrives, in order, through each of the three queues.

#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>

#include <string>
#include <thread>
#include <utility>

#include "check.h"

namespace {

constexpr int kItems = 60000;

std::string makeText(int i) { return "a string that lives on the heap " + std::to_string(i); }

template <typename Send, typename Receive>
void transfer(Send send, Receive receive) {
  std::thread producer([&send] {
    for (int i = 0; i < kItems; ++i) send(makeText(i));
  });
  std::thread consumer([&receive] {
    for (int i = 0; i < kItems; ++i) require(receive() == makeText(i), "in order and intact");
  });
  producer.join();
  consumer.join();
}

}  // namespace

int main() {
  moodycamel::ReaderWriterQueue<std::string> queue(16);
  transfer([&queue](std::string text) { require(queue.enqueue(std::move(text)), "enqueue"); },
           [&queue] {
             std::string text;
             while (!queue.try_dequeue(text)) std::this_thread::yield();
             return text;
           });

  moodycamel::BlockingReaderWriterQueue<std::string> blocking(16);
  transfer([&blocking](std::string text) { require(blocking.enqueue(std::move(text)), "enqueue"); },
           [&blocking] {
             std::string text;
             blocking.wait_dequeue(text);
             return text;
           });

  moodycamel::BlockingReaderWriterCircularBuffer<std::string> ring(64);
  transfer([&ring](std::string text) { ring.wait_enqueue(std::move(text)); },
           [&ring] {
             std::string text;
             ring.wait_dequeue(text);
             return text;
           });
  puts("readerwriterqueue: ok");
  return 0;
}
