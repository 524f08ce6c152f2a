// The clean twin: joined before main goes on.
#include <pthread.h>
#include <stddef.h>

long balance;

void withdraw(long amount) { balance -= amount; }
void deposit(long amount) { balance += amount; }
void* payBill(void* unused) {
  withdraw(30);
  return unused;
}
void payDay() { deposit(100); }

int main() {
  pthread_t thread;
  pthread_create(&thread, NULL, payBill, NULL);
  pthread_join(thread, NULL);
  payDay();
}
