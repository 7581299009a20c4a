// Product of two double matrices in the order that vectorises.
#include <stdio.h>

enum { size = 512 };

static double a[size][size], b[size][size], c[size][size];

static void multiply(void) {
  for (int i = 0; i < size; i++)
    for (int k = 0; k < size; k++) {
      double factor = a[i][k];
      for (int j = 0; j < size; j++) c[i][j] += factor * b[k][j];
    }
}

int main(void) {
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      a[i][j] = (i * 7 + j * 3) % 11 - 5;
      b[i][j] = (i * 5 + j) % 13 - 6;
    }
  for (int round = 0; round < 20; round++) multiply();
  double sum = 0;
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) sum += c[i][j] * ((i ^ j) & 7);
  printf("%.1f\n", sum);
  return 0;
}
