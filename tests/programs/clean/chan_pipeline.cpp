// A pipeline of three stages: each item belongs to one stage at a time.
#include "channels.h"

struct Item {
  int value;
  int square;
};

Item items[100];

int main() {
  chan<Item*> numbers(1);
  chan<Item*> squares(0);
  runThreads(
      [&] {
        for (int i = 0; i < 100; ++i) {
          items[i].value = i;
          numbers.send(&items[i]);
        }
        numbers.close();
      },
      [&] {
        for (Item* item : numbers) {
          item->square = item->value * item->value;
          squares.send(item);
        }
        squares.close();
      },
      [&] {
        for (Item* item : squares) item->value += item->square;
      });
  for (Item& item : items) USE_VALUE(item.value);
}
