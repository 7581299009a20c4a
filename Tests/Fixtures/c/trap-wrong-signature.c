// Calls a function through a pointer of another type, which C leaves undefined and wasm traps.
__attribute__((noinline)) static double takesDouble(double x) { return x * 2; }

static double (*volatile pointer)(double) = takesDouble;

__attribute__((noinline)) static int callAsInt(int x) {
  int (*wrong)(int, int) = (int (*)(int, int))(void *)pointer;
  return wrong(x, x) + 1;
}

int main(void) { return callAsInt(21); }
