// What C++ needs to throw and catch on WebAssembly: Debian's libc++abi for it is built without. Kept
// to what test programs use: one thread, no exception specifications, no foreign exceptions.
//
// The compiler's part is known from what it emits: a `throw` becomes __cxa_throw, a handler
// stores its landing pad's number and the function's table of handlers (the LSDA, in the Itanium
// ABI's encoding) in __wasm_lpad_context, calls _Unwind_CallPersonality, and compares the selector
// that it finds there with the types that it catches.

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <new>
#include <typeinfo>

namespace eh {

/// What libc++abi's type_info objects are, seen from their vtable.
struct Type : std::type_info {
  virtual void unused1() const;
  virtual void unused2() const;
  /// Whether a handler for this type takes an object of `thrown`; moves `object` to its base.
  virtual bool can_catch(const Type *thrown, void *&object) const;
};

/// In front of each exception object.
struct Header {
  const Type *type;
  /// A destructor; those return the object here.
  void *(*destroy)(void *);
  Header *caught_before;
  /// The object as the current handler sees it: perhaps a base of it.
  void *adjusted;
  int handlers;
  bool is_rethrown;
  alignas(16) char object[];
};

static Header *caught;

static Header *header_of(void *object) { return reinterpret_cast<Header *>(object) - 1; }

static uint32_t read_unsigned(const uint8_t *&at) {
  uint32_t value = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = *at++;
    value |= uint32_t(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

static int32_t read_signed(const uint8_t *&at) {
  uint32_t value = 0;
  for (int shift = 0;;) {
    uint8_t byte = *at++;
    value |= uint32_t(byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) return byte & 0x40 && shift < 32 ? int32_t(value | ~0u << shift) : int32_t(value);
  }
}

/// The selector for an exception at landing pad `pad` of the function that `table` is of: the number
/// of the type that catches it, 0 where there are only destructors to run.
static int32_t select(const uint8_t *table, uint32_t pad, Header *header) {
  if (*table++ != 0xff) abort();  // No start of landing pads: they have numbers.
  const uint8_t *types = nullptr;
  if (*table++ != 0xff) {  // Types are addresses, the last one first.
    uint32_t size = read_unsigned(table);
    types = table + size;
  }
  ++table;  // Call sites are in LEB128.
  uint32_t size = read_unsigned(table);
  const uint8_t *actions = table + size;
  uint32_t action = 0;
  for (uint32_t site = 0; site <= pad; ++site) {
    read_unsigned(table);
    action = read_unsigned(table);
  }
  if (action == 0) return 0;
  for (const uint8_t *at = actions + action - 1;;) {
    int32_t number = read_signed(at);
    if (number < 0) abort();
    if (number > 0) {
      const Type *wanted = reinterpret_cast<const Type *const *>(types)[-number];
      void *object = header->object;
      // A pointer is caught by value.
      if (!wanted || wanted->can_catch(header->type, object)) {
        header->adjusted = wanted ? object : header->object;
        return number;
      }
    }
    const uint8_t *next = at;
    int32_t distance = read_signed(at);
    if (distance == 0) return 0;
    at = next + distance;
  }
}

}  // namespace eh

extern "C" {

struct {
  uint32_t pad;
  const uint8_t *table;
  int32_t selector;
} __wasm_lpad_context;

int _Unwind_CallPersonality(void *object) {
  __wasm_lpad_context.selector =
      eh::select(__wasm_lpad_context.table, __wasm_lpad_context.pad, eh::header_of(object));
  return 0;
}

int __gxx_wasm_personality_v0(int) { abort(); }

void *__cxa_allocate_exception(size_t size) noexcept {
  auto *header = static_cast<eh::Header *>(calloc(1, sizeof(eh::Header) + size));
  if (!header) abort();
  return header->object;
}

void __cxa_free_exception(void *object) noexcept { free(eh::header_of(object)); }

// Not inlined: clang 19 crashes where it meets its own throw under a handler.
[[noreturn, gnu::noinline]] void __cxa_throw(void *object, std::type_info *type, void *(*destroy)(void *)) {
  eh::Header *header = eh::header_of(object);
  header->type = static_cast<const eh::Type *>(type);
  header->destroy = destroy;
  __builtin_wasm_throw(0, object);
}

void *__cxa_get_exception_ptr(void *object) noexcept { return eh::header_of(object)->adjusted; }

void *__cxa_begin_catch(void *object) noexcept {
  eh::Header *header = eh::header_of(object);
  header->is_rethrown = false;
  if (header->handlers++ == 0) {
    header->caught_before = eh::caught;
    eh::caught = header;
  }
  return header->adjusted;
}

void __cxa_end_catch() {
  eh::Header *header = eh::caught;
  if (--header->handlers > 0) return;
  eh::caught = header->caught_before;
  if (header->is_rethrown) return;
  if (header->destroy) header->destroy(header->object);
  free(header);
}

[[noreturn, gnu::noinline]] void __cxa_rethrow() {
  if (!eh::caught) std::terminate();
  eh::caught->is_rethrown = true;
  __builtin_wasm_throw(0, eh::caught->object);
}
}
