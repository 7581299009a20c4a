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
  static let standardByteLimit = 120

  /// By place among the defined functions.
  private let isInlined: [Bool]
  /// The defined functions that each defined function calls, each once.
  private let callees: [[UInt32]]
  private let imported: Int

  init(
    _ program: Program, byteLimit: Int = Self.standardByteLimit
  ) throws(CompilationError) {
    let module = program.module
    imported = module.importedFunctionCount
    var callees: [[UInt32]] = []
    callees.reserveCapacity(module.definedFunctionCount)
    do throws(ModuleError) {
      for body in module.bodies { callees.append(try Self.callees(body, program)) }
    } catch {
      throw .invalid(error)
    }
    self.callees = callees
    var sizes = InlinedSizes(program, callees, byteLimit: byteLimit)
    isInlined = callees.indices.map { sizes.size(of: $0) <= byteLimit }
  }

  func isInlined(_ function: UInt32) -> Bool { isInlined[Int(function) - imported] }

  /// The functions outside of `functions` whose bodies are wanted for inlining, ascending.
  func copies(for functions: [UInt32]) -> [UInt32] {
    let own = Set(functions)
    var copies: Set<UInt32> = []
    var queue = functions
    while let function = queue.popLast() {
      for callee in callees[Int(function) - imported]
      where isInlined(callee) && !own.contains(callee) && copies.insert(callee).inserted {
        queue.append(callee)
      }
    }
    return copies.sorted()
  }

  private static func callees(
    _ body: FunctionBody, _ program: Program
  ) throws(ModuleError) -> [UInt32] {
    var declarations = try LocalDeclarations(bytes: program.bytes, body: body)
    while try declarations.next() != nil {}
    var reader = declarations.instructions
    var callees: Set<UInt32> = []
    while !reader.isAtEnd {
      let instruction = try reader.next()
      switch instruction.opcode {
      case .call, .returnCall:
        if !program.module.isImportedFunction(instruction.index) {
          callees.insert(instruction.index)
        }
      case .brTable: try reader.skipTargets(of: instruction)
      default: break
      }
    }
    return callees.sorted()
  }
}

/// Sizes of bodies with what is inlined into them.
private struct InlinedSizes {
  private let program: Program
  private let callees: [[UInt32]]
  private let byteLimit: Int
  /// nil: not asked for yet.
  private var sizes: [Int?]
  /// The functions whose sizes are being computed.
  private var open: Set<Int> = []

  init(_ program: Program, _ callees: [[UInt32]], byteLimit: Int) {
    self.program = program
    self.callees = callees
    self.byteLimit = byteLimit
    sizes = Array(repeating: nil, count: callees.count)
  }

  /// The size of defined function `place`; beyond every limit if its calls lead back to it, by way
  /// of nothing but functions that could be inlined.
  mutating func size(of place: Int) -> Int {
    if let known = sizes[place] { return known }
    var size = program.byteCount(UInt32(place + program.module.importedFunctionCount))
    // Only small functions can stay below the limit; the others need no sum.
    if size <= byteLimit {
      open.insert(place)
      for callee in callees[place] {
        let calleePlace = Int(callee) - program.module.importedFunctionCount
        if open.contains(calleePlace) {
          size = .max
          break
        }
        let calleeSize = self.size(of: calleePlace)
        if calleeSize <= byteLimit { size += calleeSize }
      }
      open.remove(place)
    }
    sizes[place] = size
    return size
  }
}
