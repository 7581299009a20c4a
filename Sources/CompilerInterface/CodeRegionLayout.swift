// Where everything is in the memory that a run shares with its compilers while they work.
//
// Two memory files, which the runner maps one directly behind the other:
//
//   requests  the runner writes it: what it waits for, and how hot code is. Compilers take nothing
//             in it on trust: they check each index, and counts only order their work.
//   region    the compilers write it, the runner maps it read-only, its text executable: dispatch
//             table, thunks, machine code, and what tells of it. Nothing but code that is in its
//             place already is ever published: bytes first, then the log, then the slot.
//
// Machine code reaches both relative to its own place. The *dispatch table* has a slot a defined
// function: the address of its body in the runner. Every call between functions goes through it, so
// that storing a slot replaces a function while it runs. At first a slot holds the function's
// *request stub*, which asks for the code and waits. A function's *table entry* is a stub too, and
// never changes: it loads m0 and jumps through the slot.
//
// A loop of baseline code counts down a budget; when that is used up it calls `Builtin.loopIsHot`,
// which asks for the loop to be compiled and, once it has been, yields the code to go on in: a
// function without parameters whose locals are in the argument area, local i at 16 * i. It returns
// what the function returns that it replaces.

package import WasmModule

/// Who wrote a part of the text. Each has an area and a log of its own, in which places ascend.
package enum CodeStage: Int, Sendable, CaseIterable {
  case baseline
  case optimized
}

/// Offsets in the two files, in bytes. The same for everybody who knows the module.
package struct CodeRegionLayout: Sendable, Hashable {
  // MARK: Requests, from the file's start. All are u32.

  /// Futex; one more with each function that is asked for.
  package static let functionRequests = 0
  /// Not zero while somebody sleeps on `functionRequests`.
  package static let functionSleepers = 4
  /// How many wait for a publication.
  package static let codeWaiters = 8
  /// The runner's end of a pipe, for reading without waiting, whose other end the compiler holds open
  /// as long as it lives.
  package static let lifeDescriptor = 12
  /// Futex; one more with each loop that is asked for.
  package static let loopRequests = 16
  /// Places that were taken in `functionRing`: one more before a request is put there.
  package static let functionPlaces = 20
  /// The last functions asked for: index + 1 of the defined function, at `functionPlaces %
  /// ringCapacity`. Several threads may ask at once, so that a place can be filled after later ones.
  package static let functionRing = 64
  /// The last loops asked for: number + 1.
  package static let loopRing = 320
  package static let ringCapacity = 64
  /// By defined function: entries and rounds of loops, as far as baseline code has counted. A u32
  /// each; wraps around.
  package static let heat = 4_096
  /// By loop: rounds left until `loopIsHot` is called.
  package let loopBudgets: Int
  package let requestsByteCount: Int

  // MARK: Region, from the file's start.

  /// u32: see `CodeRegionState`.
  package static let state = 0
  /// u32, futex: one more with each publication, and when the state changes.
  package static let publications = 4
  /// u32: loops that have a number.
  package static let loopCount = 8
  /// u32: `requestsByteCount`, for C, which finds the requests by it.
  package static let requestsDistance = 12
  /// u32 by stage: records in the log.
  package static let logCounts = 16
  /// u32 by stage: pads.
  package static let padCounts = 24
  /// u32: where the log of each stage begins, its pads, the loops, and the text; for C.
  package static let logOffsets = 32
  package static let padOffsets = 40
  package static let loopsOffset = 48
  package static let textOffset = 52
  /// u32: `functionCount`, for C.
  package static let functionCountOffset = 56

  /// u64 by defined function: the dispatch table.
  package static let slots = 4_096
  /// By type: u32 text offset of the entry thunk, u32 of the host thunk; 0 for none.
  package let thunks: Int
  /// By number: u64 address of the code to go on in (0: none yet), u32 defined function, u32 place
  /// among the `loop` instructions of its body.
  package let loops: Int
  /// By stage: `CodeRecord`s, ascending.
  package let logs: [Int]
  /// By stage: `PadRecord`s, ascending.
  package let pads: [Int]
  /// Where executable memory begins. Offsets of code count from here.
  package let text: Int
  package let byteCount: Int

  // MARK: Text, from `text`.

  /// Bytes of a function's stubs: its table entry, and 16 bytes behind it its request stub.
  package static let stubByteCount = 32
  package static let requestStub = 16
  /// By stage: the part of the text that is its own. Stubs and thunks are in the baseline's.
  package let areas: [Range<Int>]

  package let functionCount: Int
  package let typeCount: Int
  package let loopCapacity: Int
  package let padCapacity: Int

  package static let loopByteCount = 16
  /// Rounds of a loop between two looks whether there is better code.
  package static let loopBudget: UInt32 = 20_000

  package init(_ module: Module) {
    functionCount = module.definedFunctionCount
    typeCount = module.types.count
    let bodyByteCount = module.bodies.reduce(0) { $0 + $1.bytes.count }
    loopCapacity = min(bodyByteCount / 8 + 16, 1 << 20)
    padCapacity = bodyByteCount / 4 + 16
    loopBudgets = Self.heat + functionCount * 4
    requestsByteCount = Self.pages(loopBudgets + loopCapacity * 4)

    thunks = Self.slots + functionCount * 8
    loops = (thunks + typeCount * 8 + 15) & ~15
    let log = loops + loopCapacity * Self.loopByteCount
    // Each function once a stage, and each loop.
    let logByteCount = (functionCount + loopCapacity + 2) * CodeRecord.byteCount
    logs = [log, log + logByteCount]
    let pad = log + 2 * logByteCount
    pads = [pad, pad + padCapacity * PadRecord.byteCount]
    text = Self.pages(pad + 2 * padCapacity * PadRecord.byteCount)

    // All distances fit in 31 bits.
    let fixed = functionCount * Self.stubByteCount + typeCount * 1_024 + (1 << 16)
    let room = (1 << 31) - (1 << 20) - text - requestsByteCount
    let baseline = Self.pages(min(fixed + bodyByteCount * 20, room / 2))
    let optimized = Self.pages(min(bodyByteCount * 20 + (1 << 16), room / 2))
    areas = [0..<baseline, baseline..<baseline + optimized]
    byteCount = text + baseline + optimized
  }

  /// Where a function's table entry is, from `text`.
  package static func tableEntry(_ function: Int) -> Int { function * stubByteCount }

  private static func pages(_ byteCount: Int) -> Int { (byteCount + 4_095) & ~4_095 }
}

/// What `CodeRegionLayout.state` says.
package enum CodeRegionState {
  package static let preparing: UInt32 = 0
  /// Stubs and thunks are there.
  package static let ready: UInt32 = 1
  /// There will be no more code, for a reason that the compiler has reported.
  package static let failed: UInt32 = 2
}

/// Code that was published: 16 bytes in a log, all u32.
package struct CodeRecord: Sendable, Hashable {
  package static let byteCount = 16
  /// Text offsets.
  package var start: UInt32
  package var end: UInt32
  /// The defined function that it is the code of, or of a loop of.
  package var function: UInt32

  package init(start: UInt32, end: UInt32, function: UInt32) {
    self.start = start
    self.end = end
    self.function = function
  }
}
