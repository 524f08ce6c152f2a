// channel_pipeline_fixed.cpp - frames go through a channel from a reader to an encoder.
//
// What is sent belongs to the receiver: each frame is filled before its send, and not touched by
// the reader again. Compare channel_pipeline_racy.cpp, which uses one frame for all.
#include <hindsight/chan.h>

#include <cstdio>
#include <memory>
#include <thread>

struct Frame {
  int number;
  unsigned char pixels[64];
};

void fill(Frame& frame, int number) {
  frame.number = number;
  for (unsigned char& pixel : frame.pixels) pixel = static_cast<unsigned char>(number);
}

int encode(const Frame& frame) {
  int sum = 0;
  for (unsigned char pixel : frame.pixels) sum += pixel;
  return sum;
}

int main() {
  hindsight::chan<std::shared_ptr<Frame>> frames(2, "frames");

  std::thread reader([frames] {
    for (int number = 0; number < 20; number++) {
      auto frame = std::make_shared<Frame>();
      fill(*frame, number);
      frames.send(frame);
    }
    frames.close();
  });

  int encoded = 0;
  for (const std::shared_ptr<Frame>& frame : frames) encoded += encode(*frame);
  std::printf("encoded %d\n", encoded);
  reader.join();
}
