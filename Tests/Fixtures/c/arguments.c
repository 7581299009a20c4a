// Echoes its arguments and its environment exactly.
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

int main(int argc, char **argv) {
  printf("argc %d\n", argc);
  for (int i = 1; i < argc; i++) printf("[%s]\n", argv[i]);
  printf("argv ends: %d\n", argv[argc] == NULL);
  for (char **entry = environ; *entry; entry++) printf("%s\n", *entry);
  printf("NAME=%s\n", getenv("NAME") ? getenv("NAME") : "(unset)");
  printf("HOME=%s\n", getenv("HOME") ? getenv("HOME") : "(unset)");
  return 0;
}
