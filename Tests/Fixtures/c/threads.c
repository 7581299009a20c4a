// Threads without a C library: a mutex and joining by wait and notify, globals of each thread's own,
// and files that threads open, read, move and close under each other's hands.
// flags: -nostdlib -ffreestanding -matomics -mbulk-memory -Wl,--shared-memory,--import-memory,--export-memory,--max-memory=4194304,--export=wasi_thread_start
typedef unsigned int u32;
typedef unsigned long long u64;

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

__attribute__((import_module("wasi"), import_name("thread-spawn"))) int thread_spawn(void *);
WASI(proc_exit) _Noreturn void proc_exit(u32);
WASI(clock_time_get) u32 clock_time_get(u32, u64, u64 *);
struct buffer {
  void *start;
  u32 count;
};
WASI(fd_write) u32 fd_write(u32, const struct buffer *, u32, u32 *);
WASI(fd_pread) u32 fd_pread(u32, const struct buffer *, u32, u64, u32 *);
WASI(fd_close) u32 fd_close(u32);
WASI(fd_renumber) u32 fd_renumber(u32, u32);
WASI(fd_readdir) u32 fd_readdir(u32, void *, u32, u64, u32 *);
WASI(path_open) u32 path_open(u32, u32, const char *, u32, u32, u64, u64, u32, u32 *);

enum { COUNT = 4, STACK = 16384, FOLDER = 3, BADF = 8, BUSY = 10, MFILE = 33 };

static void say(const char *text) {
  u32 count = 0, written;
  while (text[count]) ++count;
  fd_write(1, &(struct buffer){(void *)text, count}, 1, &written);
}

static void check(int is_right, const char *what) {
  if (is_right) return;
  say(what);
  say(" is wrong\n");
  proc_exit(1);
}

// A mutex: 0 free, 1 taken, 2 taken and waited for.
static int mutex;

static void lock(void) {
  int seen = 0;
  if (__atomic_compare_exchange_n(&mutex, &seen, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return;
  while (__atomic_exchange_n(&mutex, 2, __ATOMIC_SEQ_CST) != 0)
    __builtin_wasm_memory_atomic_wait32(&mutex, 2, -1);
}

static void unlock(void) {
  if (__atomic_exchange_n(&mutex, 0, __ATOMIC_SEQ_CST) == 2)
    __builtin_wasm_memory_atomic_notify(&mutex, 1);
}

struct thread {
  /// First: the entry below reads it.
  char *stack;
  void (*run)(struct thread *);
  u32 number;
  int is_done;
};

static struct thread threads[COUNT];
static char stacks[COUNT][STACK] __attribute__((aligned(16)));

// The stack pointer is a global, and so each thread's own.
__asm__(
    ".globaltype __stack_pointer, i32\n"
    ".functype thread_main (i32, i32) -> ()\n"
    ".globl wasi_thread_start\n"
    ".type wasi_thread_start, @function\n"
    "wasi_thread_start:\n"
    ".functype wasi_thread_start (i32, i32) -> ()\n"
    "local.get 1\n"
    "i32.load 0\n"
    "global.set __stack_pointer\n"
    "local.get 0\n"
    "local.get 1\n"
    "call thread_main\n"
    "end_function\n");

void thread_main(u32 number, struct thread *thread) {
  thread->number = number;
  thread->run(thread);
  __atomic_store_n(&thread->is_done, 1, __ATOMIC_SEQ_CST);
  __builtin_wasm_memory_atomic_notify(&thread->is_done, -1);
}

static void run_all(void (*run)(struct thread *)) {
  for (u32 index = 0; index < COUNT; ++index) {
    threads[index] = (struct thread){.stack = stacks[index] + STACK, .run = run};
    check(thread_spawn(&threads[index]) > 0, "thread-spawn");
  }
  for (u32 index = 0; index < COUNT; ++index) {
    while (!__atomic_load_n(&threads[index].is_done, __ATOMIC_SEQ_CST))
      __builtin_wasm_memory_atomic_wait32(&threads[index].is_done, 0, -1);
  }
}

// Not atomic: the mutex alone keeps it right.
static u32 guarded;
static u32 unguarded;

static void count(struct thread *thread) {
  // On the thread's own stack.
  volatile u32 own[64];
  check((char *)own > thread->stack - STACK && (char *)own < thread->stack, "the stack");
  for (u32 round = 0; round < 20000; ++round) {
    own[round % 64] = round;
    lock();
    guarded = guarded + 1;
    unlock();
    __atomic_fetch_add(&unguarded, 1, __ATOMIC_RELAXED);
  }
  u64 first = 0, second = 0;
  check(clock_time_get(1, 0, &first) == 0 && clock_time_get(1, 0, &second) == 0, "the clock");
  check(second >= first, "the time");
}

static u32 open_file(u32 *number) {
  const u64 reading = 2 | 4;
  return path_open(FOLDER, 0, "f.txt", 5, 0, reading, 0, 0, number);
}

static int is_content(const char *text) {
  for (u32 index = 0; index < 7; ++index)
    if (text[index] != "content"[index]) return 0;
  return 1;
}

/// Reads what `number` is; whatever others do with it, that is the file or nothing.
static void read_file(u32 number) {
  char text[8];
  u32 count = 0;
  u32 error = fd_pread(number, &(struct buffer){text, 7}, 1, 0, &count);
  check(error == BADF || (error == 0 && count == 7 && is_content(text)), "what was read");
}

static void use_files(struct thread *thread) {
  u32 seed = thread->number * 2654435761u;
  char entries[256];
  for (u32 round = 0; round < 3000; ++round) {
    u32 number, used, error = open_file(&number);
    check(error == 0 || error == MFILE, "path_open");
    if (error != 0) number = 4 + seed % 8;
    read_file(number);
    seed = seed * 1664525 + 1013904223;
    u32 other = 4 + (seed >> 16) % 12;
    read_file(other);
    error = (seed & 3) == 0 ? fd_renumber(number, other) : 0;
    check(error == 0 || error == BADF || error == BUSY, "fd_renumber");
    error = fd_close((seed & 4) == 0 ? other : number);
    check(error == 0 || error == BADF, "fd_close");
    check(fd_readdir(FOLDER, entries, sizeof entries, 0, &used) == 0 && used > 24, "fd_readdir");
  }
}

void _start(void) {
  run_all(count);
  check(guarded == COUNT * 20000, "the sum under the mutex");
  check(unguarded == COUNT * 20000, "the atomic sum");
  run_all(use_files);
  // Nothing is left over: every number can be had again.
  for (u32 number = 4; number < 16; ++number) fd_close(number);
  for (u32 number = 4; number < 16; ++number) {
    u32 found;
    check(open_file(&found) == 0 && found == number, "a number afterwards");
    read_file(number);
  }
  u32 found;
  check(open_file(&found) == MFILE, "the limit afterwards");
  say("four threads\n");
}
