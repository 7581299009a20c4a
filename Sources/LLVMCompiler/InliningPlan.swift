// Which functions are inlined wherever they are called.
//
// The order comes from us, not from LLVM's inliner: it weighs every call of a unit at some cost,
// sees no further than the unit, and simplifies callers before the analyses of `Exactness` ran.
// Modules that a compiler optimised have been inlined already; those it did not optimise consist of
// tiny functions, for which a size says all.

internal import WasmModule

/// The choice of inlined functions; the same for every unit.
struct InliningPlan: Sendable {
  /// Bytes of a body, with the bodies that are inlined into it, up to which it is inlined.
  ///
  /// Measured on CPython, time of a benchmark and of the compiler, and bytes of text: 120 1, 1 and
  /// 9.1 MB; 300 0.93, 1.25 and 11.5 MB; 500 0.91, 1.9 and 15.5 MB.
  static let standardByteLimit = 300

  /// By place among the defined functions.
  private let isInlined: [Bool]
  private let imported: Int

  init(_ program: Program, byteLimit: Int = Self.standardByteLimit) {
    imported = program.module.importedFunctionCount
    let bodies = program.scan.bodies
    var sizes = InlinedSizes(bodies, byteLimit: byteLimit)
    isInlined = bodies.indices.map { sizes.size(of: $0) <= byteLimit }
  }

  /// Whether calls of `function`, by its index in the function index space, are replaced.
  func isInlined(_ function: UInt32) -> Bool {
    Int(function) >= imported && isInlined[Int(function) - imported]
  }
}

/// Sizes of bodies with what is inlined into them.
private struct InlinedSizes {
  private let bodies: [BodyScan.Body]
  private let byteLimit: Int
  /// nil: not asked for yet.
  private var sizes: [Int?]
  /// The functions whose sizes are being computed.
  private var open: Set<Int> = []

  init(_ bodies: [BodyScan.Body], byteLimit: Int) {
    self.bodies = bodies
    self.byteLimit = byteLimit
    sizes = Array(repeating: nil, count: bodies.count)
  }

  /// The size of defined function `place`; beyond every limit if it cannot be inlined: it makes
  /// tail calls, or its calls lead back to it by way of nothing but functions that are inlined.
  mutating func size(of place: Int) -> Int {
    if let known = sizes[place] { return known }
    var size = bodies[place].makesTailCalls ? .max : bodies[place].byteCount
    // Only small functions can stay below the limit; the others need no sum.
    if size <= byteLimit {
      open.insert(place)
      for callee in bodies[place].callees {
        if open.contains(callee) {
          size = .max
          break
        }
        let calleeSize = self.size(of: callee)
        if calleeSize <= byteLimit { size += calleeSize }
      }
      open.remove(place)
    }
    sizes[place] = size
    return size
  }
}
