// Clocks advance, have a resolution, and a sleep lasts at least as long as asked.
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) return -1;
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(void) {
  struct timespec resolution = {1, 0};
  clock_getres(CLOCK_MONOTONIC, &resolution);
  printf("resolution below 1 ms: %d\n", resolution.tv_sec == 0 && resolution.tv_nsec < 1000000);
  double before = seconds(CLOCK_MONOTONIC);
  int backwards = 0;
  for (double last = before, i = 0; i < 1000; i++) {
    double now = seconds(CLOCK_MONOTONIC);
    backwards += now < last;
    last = now;
  }
  printf("went backwards %d times\n", backwards);
  struct timespec nap = {0, 30000000};
  printf("nanosleep %d\n", nanosleep(&nap, NULL));
  double slept = seconds(CLOCK_MONOTONIC) - before;
  printf("slept at least 30 ms: %d, less than 5 s: %d\n", slept >= 0.030, slept < 5);
  printf("after 2023: %d\n", time(NULL) > 1700000000);
  return 0;
}
