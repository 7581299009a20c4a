// Calls a function pointer that is null, three calls below main. The calls go through pointers that
// the compilers cannot see through, so that every function has a frame.
#include <stdio.h>

static int (*volatile handler)(int);

static int dispatch(int event) {
  volatile int kept = event;
  return handler(event) + kept;
}

static int (*volatile dispatcher)(int) = dispatch;

static int serve(int count) {
  volatile int served = 0;
  for (int i = 0; i < count; i++) served += dispatcher(i);
  return served;
}

static int (*volatile server)(int) = serve;

int main(void) {
  printf("before the trap\n");
  fflush(stdout);
  return server(3);
}
