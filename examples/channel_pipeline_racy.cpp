// channel_pipeline_racy.cpp - frames go through a channel from a reader to an encoder.
//
// A channel hands over what was written before the send. It cannot hand over what is written after
// it: the reader uses one frame for everything, and fills it again while the encoder still works on
// it.
// The fix (channel_pipeline_fixed.cpp): a frame of its own for each send.
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
    auto frame = std::make_shared<Frame>();
    for (int number = 0; number < 20; number++) {
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
