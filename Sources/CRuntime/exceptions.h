// What the files about exceptions share.

#ifndef EXCEPTIONS_H
#define EXCEPTIONS_H

#include "activation.h"
#include "builtins.h"
#include "wasmrun_exceptions.h"

/// Continues at `pad` in the frame that `stack_pointer` and `frame_pointer` describe, with
/// `exception` in the register where LLVM's landing pads expect it. In switch.S.
_Noreturn void wasmrun_enter_pad(uintptr_t pad, uintptr_t stack_pointer, uintptr_t frame_pointer,
                                 struct wasmrun_exception *exception);

/// Throws out of `frame`, a helper's or a thunk's: the first that may catch is its caller.
_Noreturn void wasmrun_throw_past(struct wasmrun_vmcontext *vmcontext,
                                  struct wasmrun_exception *exception, uintptr_t frame);

#endif
