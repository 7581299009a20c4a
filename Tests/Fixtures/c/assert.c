// A failed assert names itself on stderr and traps.
#include <assert.h>

int main(int argc, char **argv) {
  (void)argv;
  assert(argc == 1000);
  return 0;
}
