// A shared library that others use.
int two_base = 3;

static int triple(int x) {
  volatile int kept[16];
  kept[x & 15] = x;
  return kept[x & 15] * 3;
}

int two_scale(int x) { return triple(x) * two_base; }

int (*two_get(void))(int) { return triple; }
