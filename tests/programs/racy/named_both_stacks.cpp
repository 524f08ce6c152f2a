// Both stacks name every function and line from the access down to the thread's first function;
// the creation of the thread is shown as well.
// EXPECT: races=1
// EXPECT: contains "withdraw"
// EXPECT: contains "payBill"
// EXPECT: contains "deposit"
// EXPECT: contains "payDay"
// EXPECT: at=withdraw
// EXPECT: at=payBill
// EXPECT: at=deposit
// EXPECT: at=payDay
// EXPECT: at=created
// EXPECT: contains "Previous write"
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

long balance;

void withdraw(long amount) {
  balance -= amount;  // at: withdraw
}
void deposit(long amount) {
  balance += amount;  // at: deposit
}
void* payBill(void* unused) {
  withdraw(30);  // at: payBill
  stepAdvance();
  return unused;
}
void payDay() {
  deposit(100);  // at: payDay
}

int main() {
  pthread_t thread;
  pthread_create(&thread, NULL, payBill, NULL);  // at: created
  stepWait(1);
  payDay();
  pthread_join(thread, NULL);
}
