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

#endif
