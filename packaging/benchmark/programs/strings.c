// Text: numbers formatted by hand, split into words, compared, searched and reversed.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { textSize = 1 << 16 };

static char text[textSize + 32];

static char *appendNumber(char *to, uint32_t number) {
  char digits[10];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10); while (number /= 10);
  while (count) *to++ = digits[--count];
  *to++ = ' ';
  return to;
}

static uint32_t hashWords(const char *from) {
  uint32_t check = 5381;
  while (*from) {
    const char *end = from;
    uint32_t hash = 0;
    while (*end && *end != ' ') hash = hash * 31 + (unsigned char)*end++;
    check = check * 33 + hash + (uint32_t)(end - from);
    from = *end ? end + 1 : end;
  }
  return check;
}

static uint32_t countMatches(const char *needle) {
  size_t length = strlen(needle);
  uint32_t count = 0;
  for (const char *at = text; (at = strchr(at, needle[0])); at++)
    count += strncmp(at, needle, length) == 0;
  return count;
}

static void reverseWords(char *from) {
  while (*from) {
    char *end = from;
    while (*end && *end != ' ') end++;
    for (char *low = from, *high = end; low < high;) {
      char swap = *low;
      *low++ = *--high;
      *high = swap;
    }
    from = *end ? end + 1 : end;
  }
}

int main(void) {
  uint32_t state = 1, check = 0;
  for (int round = 0; round < 1200; round++) {
    char *to = text;
    while (to < text + textSize) {
      state = state * 1664525u + 1013904223u;
      to = appendNumber(to, state >> (state & 15));
    }
    *to = 0;
    check = check * 31 + hashWords(text);
    reverseWords(text);
    check = check * 31 + hashWords(text);
    check += countMatches("12") + countMatches("907") * 7;
    check += (uint32_t)strlen(text);
  }
  printf("%u\n", check);
  return 0;
}
