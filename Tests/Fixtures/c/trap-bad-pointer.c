// Reads far outside of memory through a pointer, inside a loop, inside a callback of qsort.
#include <stdio.h>
#include <stdlib.h>

static volatile int *volatile wild = (int *)0xfffffff0u;

static int compareBadly(const void *a, const void *b) {
  int left = *(const int *)a, right = *(const int *)b;
  if (left == 7) return wild[left];
  return left - right;
}

int main(void) {
  int numbers[] = {3, 9, 7, 1, 5};
  printf("sorting\n");
  fflush(stdout);
  qsort(numbers, 5, sizeof numbers[0], compareBadly);
  printf("not reached\n");
  return 0;
}
