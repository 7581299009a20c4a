// An interpreter of a small stack machine: one big switch in one loop.
#include <stdint.h>
#include <stdio.h>

enum Operation { push, load, store, add, subtract, multiply, xor, shift, less, jumpIf, jump, halt };

typedef struct {
  uint8_t operation;
  int32_t operand;
} Instruction;

// sum = 0; for (i = 0; i < n; i++) { sum = (sum + i * 7) ^ (sum >> 3); if (i & 1 ...) ... }
static const Instruction program[] = {
  {push, 0}, {store, 0}, {push, 0}, {store, 1},
  // 4: while i < n
  {load, 1}, {load, 2}, {less, 0}, {jumpIf, 9}, {halt, 0},
  // 9: sum = (sum + i * 7) ^ (sum >> 3)
  {load, 0}, {load, 1}, {push, 7}, {multiply, 0}, {add, 0}, {load, 0}, {push, 3}, {shift, 0},
  {xor, 0}, {store, 0},
  // 19: if (sum >> 31 < 1) sum = sum - i
  {load, 0}, {push, 31}, {shift, 0}, {push, 1}, {less, 0}, {jumpIf, 27}, {jump, 31}, {halt, 0},
  // 27:
  {load, 0}, {load, 1}, {subtract, 0}, {store, 0},
  // 31: i = i + 1
  {load, 1}, {push, 1}, {add, 0}, {store, 1}, {jump, 4},
};

static uint32_t run(const Instruction *code, uint32_t limit) {
  uint32_t stack[16], variable[4] = {0, 0, limit, 0};
  uint32_t *top = stack;
  for (const Instruction *next = code;;) {
    Instruction now = *next++;
    switch ((enum Operation)now.operation) {
      case push: *top++ = (uint32_t)now.operand; break;
      case load: *top++ = variable[now.operand]; break;
      case store: variable[now.operand] = *--top; break;
      case add: top--, top[-1] += *top; break;
      case subtract: top--, top[-1] -= *top; break;
      case multiply: top--, top[-1] *= *top; break;
      case xor: top--, top[-1] ^= *top; break;
      case shift: top--, top[-1] >>= *top & 31; break;
      case less: top--, top[-1] = top[-1] < *top; break;
      case jumpIf: if (*--top) next = code + now.operand; break;
      case jump: next = code + now.operand; break;
      case halt: return variable[0];
    }
  }
}

int main(int argc, char **argv) {
  (void)argv;
  printf("%u\n", run(program, 12000000u * (uint32_t)argc));
  return 0;
}
