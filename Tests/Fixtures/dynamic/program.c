// A program that calls into two shared libraries. It exits with 42 if all is as it should be, else
// with the number of what is not.
extern int shared_counter, two_base;
int add_all(int);
int apply(int (*)(int), int);
int two_scale(int);
int (*two_get(void))(int);
int crash(void);

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"), noreturn)) void
leave(int);

static int plus(int x) {
  volatile int kept[8];
  kept[x & 7] = x;
  return kept[x & 7] + 1;
}

static const char *words[] = {"a", "b"};

static void check(int number, int found, int expected) {
  if (found != expected) leave(number);
}

void _start(void) {
  volatile int kept[32];
  for (int i = 0; i < 32; i++) kept[i] = i;
  check(1, shared_counter, 5);
  shared_counter = 10;
  check(2, add_all(1), 2016 + 3 + 10 + 300);
  two_base = 2;
  check(3, apply(plus, 5), 6 + 30);
  // A function of another library, called from here and from there.
  check(4, two_get()(7), 21);
  check(5, apply(two_get(), 2), 6 + 12);
  // The address of a library's function.
  check(6, apply(two_scale, 2), 12 + 12);
  check(7, words[1][0], 'b');
  for (int i = 0; i < 32; i++) check(8, kept[i], i);
#ifdef CRASHES
  crash();
#endif
  leave(42);
}
