// A pipeline of three stages in which the first goes on writing to what it has passed on.
// EXPECT: races=1
#include "channels.h"

struct Item {
  int value;
  int square;
};

Item items[3];

int main() {
  Step step;
  chan<Item*> numbers(1);
  chan<Item*> squares(1);
  runThreads(
      [&] {
        for (Item& item : items) {
          numbers.send(&item);
          if (&item == &items[2]) item.value = 7;
        }
        numbers.close();
        step.advance();
      },
      [&] {
        for (Item* item : numbers) {
          if (item == &items[2]) step.wait(1);
          item->square = item->value * item->value;
          squares.send(item);
        }
        squares.close();
      },
      [&] {
        for (Item* item : squares) USE_VALUE(item->square);
      });
}
