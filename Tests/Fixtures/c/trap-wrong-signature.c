// Calls a function through a pointer of another type, which C leaves undefined and wasm traps.
static double takesDouble(double x) { return x * 2; }

static double (*volatile pointer)(double) = takesDouble;

static int callAsInt(int x) {
  int (*wrong)(int, int) = (int (*)(int, int))(void *)pointer;
  return wrong(x, x) + 1;
}

static int (*volatile caller)(int) = callAsInt;

int main(void) { return caller(21); }
