// poll and select: a time-out that expires, and standard input that is ready to read.
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

int main(void) {
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  struct timeval brief = {0, 20000};
  printf("select without descriptors: %d\n", select(0, NULL, NULL, NULL, &brief));
  clock_gettime(CLOCK_MONOTONIC, &after);
  long waited = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
  printf("waited: %d\n", waited >= 20000);
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  printf("poll: %d readable %d\n", poll(&input, 1, 5000), (input.revents & POLLIN) != 0);
  char word[16] = "";
  ssize_t count = read(STDIN_FILENO, word, sizeof word - 1);
  printf("read %d: %s", (int)count, word);
  return 0;
}
