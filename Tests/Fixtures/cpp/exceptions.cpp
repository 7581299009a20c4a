// flags: -fwasm-exceptions -fexceptions
// variants: O0
// Throwing and catching: by value, by base, through destructors, again, and out of constructors.
#include "support/exceptions.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Error {
  virtual ~Error() = default;
  virtual const char *name() const { return "Error"; }
};

struct Detail {
  int number = 7;
};

struct Derived : Detail, Error {
  explicit Derived(int code) : code(code) {}
  const char *name() const override { return "Derived"; }
  int code;
};

int alive;

struct Guard {
  explicit Guard(const char *name) : name(name) { ++alive; }
  ~Guard() {
    --alive;
    printf("leave %s\n", name);
  }
  const char *name;
};

struct Half {
  Half() : first("half") { throw std::string("out of the constructor"); }
  Guard first;
};

[[gnu::noinline]] void raise(int kind) {
  Guard guard("raise");
  switch (kind) {
    case 0: throw 42;
    case 1: throw Derived(5);
    case 2: throw "text";
    case 3: throw 2.5;
    case 4: { Half half; } break;
    case 5: throw std::runtime_error("standard");
  }
}

[[gnu::noinline]] void attempt(int kind) {
  try {
    Guard guard("attempt");
    raise(kind);
    puts("nothing thrown");
  } catch (int number) {
    printf("int %d\n", number);
  } catch (const Error &error) {
    printf("%s with %d and %d\n", error.name(), dynamic_cast<const Derived &>(error).code,
           dynamic_cast<const Derived &>(error).number);
  } catch (const char *text) {
    printf("text %s\n", text);
  } catch (const std::string &text) {
    printf("string %s\n", text.c_str());
  } catch (const std::exception &error) {
    printf("exception %s\n", error.what());
  }
}

/// Each level catches and throws on; the number of handlers that were entered.
[[gnu::noinline]] int descend(int depth) {
  if (depth == 0) throw Derived(0);
  try {
    return descend(depth - 1);
  } catch (Derived &error) {
    ++error.code;
    throw;
  }
}

[[gnu::noinline]] int parse(const std::string &text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') throw std::invalid_argument("no digit: " + std::string(1, c));
    value = value * 10 + (c - '0');
  }
  return value;
}

[[gnu::noinline]] void parse_all() {
  int good = 0, bad = 0;
  for (const char *text : {"12", "x1", "345", "9y"}) {
    try {
      good += parse(text);
    } catch (const std::logic_error &error) {
      ++bad;
      puts(error.what());
    }
  }
  printf("good %d bad %d\n", good, bad);
}

[[gnu::noinline]] int element(const std::vector<int> &vector, size_t index) {
  try {
    return vector.at(index);
  } catch (const std::out_of_range &) {
    return -1;
  }
}

[[gnu::noinline]] int throw_some(int number) {
  auto owned = std::make_unique<int>(number);
  if (number % 3 == 0) throw *owned;
  return 1;
}

[[gnu::noinline]] long throw_often() {
  long sum = 0;
  for (int i = 0; i < 100000; ++i) {
    try {
      sum += throw_some(i);
    } catch (int number) {
      sum += number;
    }
  }
  return sum;
}

[[gnu::noinline]] void attempt_all() {
  for (int kind = 0; kind < 7; ++kind) {
    try {
      attempt(kind);
    } catch (...) {
      puts("something else");
    }
  }
}

[[gnu::noinline]] int descend_and_return(int depth) {
  try {
    descend(depth);
  } catch (const Derived &error) {
    return error.code;
  }
  return -1;
}

}  // namespace

int main(int argc, char **argv) {
  attempt_all();
  printf("caught %d times\n", descend_and_return(100));
  parse_all();
  printf("elements %d %d\n", element({1, 2, 3}, 2), element({1, 2, 3}, 3));
  printf("sum %ld, alive %d\n", throw_often(), alive);
  fflush(stdout);
  if (argc > 1 && strcmp(argv[1], "uncaught") == 0) descend(2);
}
