// Traps that arrive as signals. A signal is a trap only if it was raised by registered machine
// code (or by a builtin that ran out of stack) in a way that such code is known to raise; anything
// else is a crash of the process, and stays one.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <ucontext.h>
#include <unistd.h>

#include "activation.h"

// The bounds of the section that holds the builtins; made by the linker.
extern const char __start_wasmrun_builtins[];
extern const char __stop_wasmrun_builtins[];

static const int handled[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
enum { HANDLED_COUNT = sizeof handled / sizeof *handled };
static struct sigaction previous[HANDLED_COUNT];

static bool is_builtin(uintptr_t pc) {
  return pc >= (uintptr_t)__start_wasmrun_builtins && pc < (uintptr_t)__stop_wasmrun_builtins;
}

/// The immediate of the `ud1 imm8(%eax), %eax` at `pc`, which `llvm.ubsantrap` becomes; else 0.
static int32_t trap_immediate(uintptr_t pc) {
  const uint8_t *code = (const uint8_t *)pc;
  static const uint8_t ud1[] = {0x67, 0x0f, 0xb9, 0x40};
  if (memcmp(code, ud1, sizeof ud1) != 0 || code[4] > WASMRUN_LAST_TRAP_CODE) return 0;
  return code[4];
}

/// The trap that the signal is; 0 where it is none.
static int32_t trap_code(int signal, const siginfo_t *info, uintptr_t pc,
                         const struct wasmrun_stack *stack) {
  bool in_code = wasmrun_ranges_contain(WASMRUN_CODE, pc);
  uintptr_t address = (uintptr_t)info->si_addr;
  switch (signal) {
    case SIGSEGV:
      if ((in_code || is_builtin(pc)) && address >= stack->guard && address < stack->limit)
        return WASMRUN_STACK_EXHAUSTED;
      if (in_code && wasmrun_ranges_contain(WASMRUN_MEMORY, address))
        return WASMRUN_MEMORY_OUT_OF_BOUNDS;
      return 0;
    case SIGILL:
      return in_code ? trap_immediate(pc) : 0;
    case SIGFPE:
      // Compiled code may leave the zero check to the processor; the overflow check it may not.
      return in_code && info->si_code == FPE_INTDIV ? WASMRUN_INTEGER_DIVIDE_BY_ZERO : 0;
    default:
      return 0;
  }
}

static void (*crash_observer)(int signal);

void wasmrun_observe_crashes(void (*observer)(int signal)) { crash_observer = observer; }

static void say(const char *text) { (void)!write(STDERR_FILENO, text, strlen(text)); }

static void say_address(const char *label, uintptr_t address) {
  char text[2 + 16 + 1] = "0x";
  for (int digit = 0; digit < 16; ++digit)
    text[2 + digit] = "0123456789abcdef"[address >> (60 - 4 * digit) & 15];
  say(label);
  say(text);
}

/// Hands the signal to whoever handled it before; with nobody there, says what happened and lets
/// the process die of it.
static void crash(int signal, siginfo_t *info, void *context, uintptr_t pc) {
  int index = 0;
  while (handled[index] != signal) ++index;
  const struct sigaction *before = &previous[index];
  if (before->sa_flags & SA_SIGINFO) {
    before->sa_sigaction(signal, info, context);
    return;
  }
  if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
    before->sa_handler(signal);
    return;
  }
  static const char *const names[HANDLED_COUNT] = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE"};
  say("wasmrun: crashed: ");
  say(names[index]);
  say_address(" at pc ", pc);
  say_address(", address ", (uintptr_t)info->si_addr);
  say("\nhint: this is a defect of wasmrun, not of the program that it runs\n");
  if (crash_observer) crash_observer(signal);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);
  // A fault comes again when the handler returns; a signal that was sent does not.
  if (info->si_code <= 0) raise(signal);
}

static void handle(int signal, siginfo_t *info, void *context) {
  int saved_errno = errno;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  uintptr_t pc = (uintptr_t)registers[REG_RIP];
  struct wasmrun_activation *activation = wasmrun_current;
  // A signal that was sent (si_code <= 0) carries no fault address and is no trap.
  int32_t code =
      activation && info->si_code > 0 ? trap_code(signal, info, pc, activation->stack) : 0;
  if (code != 0) {
    activation->trap->fault_address = signal == SIGSEGV ? (uintptr_t)info->si_addr : 0;
    wasmrun_record_frames(activation, pc, (uintptr_t)registers[REG_RBP]);
    registers[REG_RIP] = (greg_t)(uintptr_t)wasmrun_leave;
    registers[REG_RDI] = (greg_t)(uintptr_t)activation;
    registers[REG_RSI] = code;
  } else {
    crash(signal, info, context, pc);
  }
  errno = saved_errno;
}

static pthread_key_t signal_stack_key;
static int installation_error;

static void release_signal_stack(void *memory) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  free(memory);
}

static void install_handlers(void) {
  installation_error = pthread_key_create(&signal_stack_key, release_signal_stack);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < HANDLED_COUNT && installation_error == 0; ++index) {
    if (sigaction(handled[index], &action, &previous[index]) != 0) installation_error = errno;
  }
}

bool wasmrun_prepare_thread(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static _Thread_local bool is_prepared;
  if (is_prepared) return true;
  pthread_once(&once, install_handlers);
  if (installation_error != 0) {
    errno = installation_error;
    return false;
  }
  // Room for the processor's state, which grows with its vector registers, and for whoever
  // handled the signal before us.
  size_t byte_count = getauxval(AT_MINSIGSTKSZ) + 64 * 1024;
  stack_t stack = {.ss_sp = malloc(byte_count), .ss_size = byte_count};
  if (!stack.ss_sp) return false;
  if (sigaltstack(&stack, NULL) != 0) {
    free(stack.ss_sp);
    return false;
  }
  pthread_setspecific(signal_stack_key, stack.ss_sp);
  is_prepared = true;
  return true;
}
