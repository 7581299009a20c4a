// Spectral norm of an infinite matrix by the power method: divisions in nested loops.
#include <math.h>
#include <stdio.h>

enum { size = 1600 };

static double element(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void multiply(const double *in, double *out, int transposed) {
  for (int i = 0; i < size; i++) {
    double sum = 0;
    for (int j = 0; j < size; j++)
      sum += (transposed ? element(j, i) : element(i, j)) * in[j];
    out[i] = sum;
  }
}

int main(void) {
  static double u[size], v[size], between[size];
  for (int i = 0; i < size; i++) u[i] = 1;
  for (int round = 0; round < 32; round++) {
    multiply(u, between, 0);
    multiply(between, v, 1);
    multiply(v, between, 0);
    multiply(between, u, 1);
  }
  double product = 0, square = 0;
  for (int i = 0; i < size; i++) {
    product += u[i] * v[i];
    square += v[i] * v[i];
  }
  printf("%.9f\n", sqrt(product / square));
  return 0;
}
