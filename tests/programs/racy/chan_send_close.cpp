// Rule 5: sending and closing without order between them race, in either order of time, even if
// nothing went wrong this time. In a select too.
// EXPECT: races>=2
// EXPECT: contains "close"
#include "channels.h"

int main() {
  chan<int> sent_first(1);
  runUnordered([=] { sent_first.send(1); }, [=] { sent_first.close(); });
  chan<int> closed_first(1);
  runUnordered([=] { closed_first.close(); },
               [=] {
                 try {
                   closed_first.send(1);
                 } catch (const closed_channel&) {
                 }
               });
  chan<int> selected(1);
  runUnordered([=] { hindsight::select(on_send(selected, 1), on_default()); },
               [=] { selected.close(); });
}
