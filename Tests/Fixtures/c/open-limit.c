// Opens a file until no more can be open, closes one, and opens one again.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  int count = 0, last = -1, file;
  while ((file = open("/data/given.txt", O_RDONLY)) >= 0 && count < 10000) {
    last = file;
    count++;
  }
  printf("opened %d, then EMFILE: %d\n", count, errno == EMFILE);
  close(last);
  printf("one more: %d\n", open("/data/given.txt", O_RDONLY) == last);
  return 0;
}
