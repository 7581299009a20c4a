// Five bodies under gravity: dependent double-precision arithmetic with square roots.
#include <math.h>
#include <stdio.h>

enum { bodyCount = 5 };

typedef struct {
  double position[3], velocity[3], mass;
} Body;

static Body body[bodyCount] = {
  {{0, 0, 0}, {0, 0, 0}, 39.5},
  {{4.8, -1.2, -0.1}, {0.6, 2.8, -0.02}, 0.0377},
  {{8.3, 4.1, -0.4}, {-1.0, 1.8, 0.008}, 0.0113},
  {{12.9, -15.1, -0.2}, {1.1, 0.9, -0.01}, 0.0017},
  {{15.4, -25.9, 0.2}, {1.0, 0.6, -0.03}, 0.002},
};

static void advance(double step) {
  for (int i = 0; i < bodyCount; i++)
    for (int j = i + 1; j < bodyCount; j++) {
      double d[3], square = 0;
      for (int k = 0; k < 3; k++) {
        d[k] = body[i].position[k] - body[j].position[k];
        square += d[k] * d[k];
      }
      double scale = step / (square * sqrt(square));
      for (int k = 0; k < 3; k++) {
        body[i].velocity[k] -= d[k] * body[j].mass * scale;
        body[j].velocity[k] += d[k] * body[i].mass * scale;
      }
    }
  for (int i = 0; i < bodyCount; i++)
    for (int k = 0; k < 3; k++) body[i].position[k] += step * body[i].velocity[k];
}

static double energy(void) {
  double sum = 0;
  for (int i = 0; i < bodyCount; i++) {
    double square = 0;
    for (int k = 0; k < 3; k++) square += body[i].velocity[k] * body[i].velocity[k];
    sum += 0.5 * body[i].mass * square;
    for (int j = i + 1; j < bodyCount; j++) {
      double distance = 0;
      for (int k = 0; k < 3; k++) {
        double d = body[i].position[k] - body[j].position[k];
        distance += d * d;
      }
      sum -= body[i].mass * body[j].mass / sqrt(distance);
    }
  }
  return sum;
}

int main(void) {
  for (int step = 0; step < 7000000; step++) advance(0.01);
  printf("%.9f\n", energy());
  return 0;
}
