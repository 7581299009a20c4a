// Putting a line together where nothing may be allocated: in signal handlers.

#ifndef WASMRUN_LINE_H
#define WASMRUN_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Text with an end that it is cut off at.
struct line {
  size_t used;
  char text[512];
};

static inline void append(struct line *line, const char *text) {
  size_t count = strlen(text);
  if (count > sizeof line->text - line->used) count = sizeof line->text - line->used;
  memcpy(line->text + line->used, text, count);
  line->used += count;
}

static inline void append_number(struct line *line, uint64_t number) {
  char digits[21] = "";
  size_t place = sizeof digits - 1;
  do {
    digits[--place] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  append(line, digits + place);
}

#endif
