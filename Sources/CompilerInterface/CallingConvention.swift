// The ABI page: how wasm functions, table entries, thunks and builtins call each other.
//
// BODY AND TABLE ENTRY
//   `preserve_none` (LLVM's preserve_nonecc), with these arguments in this order:
//       vmctx   r12   the callee's VMContext
//       m0      r13   the base of the callee's memory 0 (pass-params)
//       the first 8 integer parameters (i32, i64, references):
//               r14 r15 rdi rsi rdx rcx r8 r9
//       the first 8 float and vector parameters (f32, f64, v128): xmm0-xmm7
//   The upper half of a 32-bit parameter's register holds garbage.
//   All further parameters go through the *argument area* (`VMContextLayout.argumentArea` points
//   to it): overflow parameter k, counted in order, is at 16*k. The callee loads all of them
//   before anything else. So no call uses the machine stack for arguments, nobody pops, and every
//   call in tail position can be a jump (`return_call` between different types included, for
//   which LLVM has no `musttail` here: it is a sibling call, which x86-64 makes of any such call
//   without stack arguments).
//   The first result is in rax or xmm0. Results from the second on are in the argument area,
//   result i at 16*(i-1); the caller loads them at once.
//   Callee-saved: rsp and rbp only. Every body keeps a frame pointer, so pc, sp and fp are all
//   there is to enter a handler with, and a backtrace walks rbp. Measured against the candidates
//   on six small programs (geometric mean of user times, C convention with frame pointer = 1):
//   preserve_none 0.84, swiftcc 0.86, swifttailcc 1.02, tailcc 1.23; the conventions with guaranteed tail calls cost
//   30% on fib, and callee-saved registers would need unwind rows for exceptions.
//   r10, r11, rax and rbx carry nothing into a call: stack probes and stubs may use r11.
//
// m0
//   A body uses m0 only if `CodegenOptions.passParameters` is on and the module has a memory 0.
//   Otherwise callers leave the register undefined and the body loads the base from its VMContext
//   where it needs it. No memory's base ever changes. A *table entry* has the same convention but ignores its
//   m0: it loads r13 from [r12] (4 bytes) and falls into the body. Whatever is called through a
//   table, a reference or an import is called at its table entry, so calls across instances are
//   right whatever options each was compiled with. Host functions never receive m0.
//   With `CodegenOptions.usesSegmentBase` GS has the base instead, and the table entry is `mov r13,
//   [r12]; wrgsbase r13`; `SegmentBase` says who sets it when.
//
// GLOBAL 0, for measurements (`CodegenOptions.passesGlobalZero`)
//   Its value is in rax, which nobody else passes anything in: table entries load it, too.
//
// ROOTS
//   The collector runs inside of the builtins that make objects, and moves nothing. What a body
//   still needs of references (but those to functions) while it calls a function or
//   such a builtin, it has stored before in a frame of roots on its stack: {parent, count,
//   references...}, 8 bytes each, all references being null or alive at any time (those that it
//   needs no more may stay). The VMContext's `heap` points to the address of the innermost frame.
//   A body makes its frame the innermost at its start, with `parent` what was there before, and
//   takes it off before it returns or jumps to another function. What goes to a callee is the
//   callee's to keep. `wasmrun_enter` takes off the frames of an activation that was left by a
//   trap, `throw` those that lie below the machine frame of whoever catches.
//
// CALLS OUT: host thunk, one a function type
//   An imported host function's `code` is a host thunk and its `vmctx` a host function record
//   (`HostRecordLayout`), which begins like a VMContext. The thunk is called like a table entry;
//   it checks that `stackReserve` bytes are left above `stackLimit` (else it raises
//   `stackExhausted`), stores the arguments in slots of its own frame (`SlotLayout`), calls
//   `int32_t function(void *environment, uint64_t *slots)` with the C convention, raises a nonzero
//   status, else returns the results, which the function left in the slots from 0 on.
//
// CALLS IN: entry thunk, one a function type
//   `void thunk(const void *code, void *vmctx, uint64_t *slots)`, C convention: loads the
//   arguments from the slots, calls `code` (a table entry), stores the results from slot 0 on.
//
// EXCEPTIONS
//   Throwing costs, trying does not: a function that catches has pads in the image's table, by the
//   calls that they are for (`PadRecord`), and nothing is done before. `throw` walks rbp from frame
//   to frame and enters the first pad found: rsp is where the callee's frame ended (nothing is on
//   the machine stack but frames), rbp is the frame's, rax is the exception, every other register
//   is lost, which no call preserves. A pad compares tags; one that none of its clauses is for goes
//   on by `resume`. The code calls helpers of the image for both, `throw` and `resume`, which are
//   called like bodies `(vmctx, m0, exception)`: so that nothing is kept in the registers that a C
//   function would preserve. An exception never leaves the activation: where no frame catches it,
//   it ends like a trap. A host function that called back may pass it on by its status; `raise`
//   then throws it out of the host thunk.
//
// TRAPS
//   In code: `ud1` whose immediate is the `TrapCode`, and faulting accesses to guarded memory. The
//   signal handler finds the activation and continues in C with all guest frames dropped.
//   `raise` does the same without a signal. Neither ever crosses a Swift frame: a host function
//   returns normally with a status.

package import WasmModule

/// Where a function's parameters and results go.
package struct CallingConvention: Sendable {
  /// Changes whenever code compiled before must not be run any more.
  package static let abiVersion: UInt32 = 3

  package static let integerRegisterParameters = 8
  package static let vectorRegisterParameters = 8
  /// The place among the integer parameters that is rax, from 0: for `passesGlobalZero`.
  package static let lastIntegerRegister = 9
  /// Bytes of an argument area's slot.
  package static let areaSlotByteCount = 16
  /// Parameters or results that a function may have at most (an implementation limit).
  package static let maximumArity = 1_000
  /// Bytes of the argument area.
  package static let areaByteCount = maximumArity * areaSlotByteCount
  /// Bytes of guest stack that a host function finds at least.
  package static let stackReserve = 256 * 1_024

  package enum Location: Hashable, Sendable {
    /// In a register; LLVM or the baseline's tables say which.
    case register
    /// In the argument area, at this byte offset.
    case area(offset: Int)
  }

  /// One a parameter, in order.
  package let parameters: [Location]
  /// One a result, in order.
  package let results: [Location]

  package init(_ type: FunctionType) {
    var integers = 0
    var vectors = 0
    var overflow = 0
    parameters = type.parameters.map { parameter in
      let isVector = parameter == .f32 || parameter == .f64 || parameter == .v128
      let used = isVector ? vectors : integers
      let limit = isVector ? Self.vectorRegisterParameters : Self.integerRegisterParameters
      if used < limit {
        if isVector { vectors += 1 } else { integers += 1 }
        return .register
      }
      defer { overflow += 1 }
      return .area(offset: overflow * Self.areaSlotByteCount)
    }
    results = type.results.indices.map {
      $0 == 0 ? .register : .area(offset: ($0 - 1) * Self.areaSlotByteCount)
    }
  }
}

/// The places of arguments or results in the slots of host and entry thunks: 8 bytes each, 16 for
/// a v128 (no extra alignment). 32-bit values are in the low half; the upper half is unspecified.
package struct SlotLayout: Sendable {
  /// Byte offset of each value.
  package let offsets: [Int]
  package let byteCount: Int

  package init(_ types: [ValueType]) {
    var offset = 0
    offsets = types.map { type in
      defer { offset += type == .v128 ? 16 : 8 }
      return offset
    }
    byteCount = offset
  }

  /// Bytes that slots for calling a function of `type` need, arguments and results sharing them.
  package static func byteCount(calling type: FunctionType) -> Int {
    max(SlotLayout(type.parameters).byteCount, SlotLayout(type.results).byteCount)
  }
}
