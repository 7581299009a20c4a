// Calls a function pointer that is null, three calls below main.
#include <stdio.h>

static int (*volatile handler)(int);

__attribute__((noinline)) static int dispatch(int event) {
  volatile int kept = event;
  return handler(event) + kept;
}

__attribute__((noinline)) static int serve(int count) {
  volatile int served = 0;
  for (int i = 0; i < count; i++) served += dispatch(i);
  return served;
}

int main(void) {
  printf("before the trap\n");
  fflush(stdout);
  return serve(3);
}
