// A shared library that uses another one, has data with addresses in it, and calls back.
extern int two_scale(int);

int shared_counter = 5;
static int numbers[4] = {1, 2, 3, 4};
int *pointer = &numbers[2];
static int constructed;

__attribute__((constructor)) static void construct(void) { constructed = *pointer * 100; }

// Uses the stack that all modules share.
int add_all(int n) {
  volatile int buffer[64];
  for (int i = 0; i < 64; i++) buffer[i] = i * n;
  int sum = 0;
  for (int i = 0; i < 64; i++) sum += buffer[i];
  return sum + *pointer + shared_counter + constructed;
}

int apply(int (*function)(int), int x) {
  volatile int kept[16];
  for (int i = 0; i < 16; i++) kept[i] = x;
  int result = function(x) + two_scale(x);
  for (int i = 0; i < 16; i++) {
    if (kept[i] != x) return -1;
  }
  return result;
}

int crash(void) { __builtin_trap(); }
