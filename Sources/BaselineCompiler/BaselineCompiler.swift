// wasm to machine code in one pass a body: threads take stretches of functions, then one image.

package import CompilerInterface
internal import Synchronization
internal import SystemCalls
package import WasmModule

/// The baseline compiler.
package enum BaselineCompiler {
  /// Compiles a module, whose declarations are valid, on `threadCount` threads. Each body is
  /// validated right before it is compiled, unless `isValidated` says that all of them are valid.
  ///
  /// `bytes` are the module's and stay unchanged until this returns. The contents lack the module's
  /// hash and the compiler's build.
  package static func compile(
    _ module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions, threadCount: Int,
    isValidated: Bool = false
  ) throws(BaselineError) -> CodeImageContents {
    let tables = try ModuleTables(module, bytes: bytes, options: options)
    let queue = StretchQueue(tables, validates: !isValidated)
    if threadCount <= 1 || queue.stretches.count <= 1 {
      queue.work()
    } else {
      do {
        try runOnThreads(threadCount, stackByteCount: 1 << 20) { queue.work() }
      } catch {
        throw .failed("cannot start a thread: \(error)")
      }
    }
    return ImageAssembly(tables, try queue.finish()).contents()
  }
}

/// The code of a stretch of functions, or of the thunks.
struct CompiledStretch: Sendable {
  /// Defined functions by their place.
  var functions: Range<Int>
  var bytes: [UInt8] = []
  /// One a function, offsets in `bytes`.
  var records: [FunctionRecord] = []
  var calls: [CallSite] = []
  /// Offsets in `bytes`.
  var pads: [PadRecord] = []
  /// Offsets in `bytes`.
  var positions: [PositionRecord] = []
  /// By type, offsets in `bytes`.
  var entryThunks: [UInt32?] = []
  var hostThunks: [UInt32?] = []
}

extension CallSite: @unchecked Sendable {}

/// The stretches of a module and what has come of them. Threads take stretches until none is left
/// or one has failed.
private final class StretchQueue: Sendable {
  private struct State {
    var next = 0
    var compiled: [CompiledStretch?]
    var failure: BaselineError?
  }

  /// Bytes of bodies in a stretch.
  private static let byteCount = 256 << 10

  let tables: ModuleTables
  let stretches: [Range<Int>]
  private let validates: Bool
  private let state: Mutex<State>

  init(_ tables: ModuleTables, validates: Bool) {
    self.tables = tables
    self.validates = validates
    stretches = Self.partition(tables.module)
    state = Mutex(State(compiled: Array(repeating: nil, count: stretches.count)))
  }

  private static func partition(_ module: Module) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start = 0
    var size = 0
    for (index, body) in module.bodies.enumerated() {
      size += body.bytes.count
      if size >= byteCount {
        stretches.append(start..<index + 1)
        (start, size) = (index + 1, 0)
      }
    }
    // The last stretch exists in any case: the thunks go with it.
    stretches.append(start..<module.bodies.count)
    return stretches
  }

  func work() {
    do throws(BaselineError) {
      var validator = try validates ? Self.validator(tables) : nil
      var compiler = FunctionCompiler(tables)
      while let index = take() {
        try Self.validate(stretches[index], tables, &validator)
        let compiled = try compiler.compile(
          stretches[index], withThunks: index == stretches.count - 1)
        state.withLock { $0.compiled[index] = compiled }
      }
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private static func validator(
    _ tables: ModuleTables
  ) throws(BaselineError) -> FunctionValidator {
    do throws(ModuleError) {
      return try FunctionValidator(tables.module, bytes: tables.bytes)
    } catch {
      throw .invalid(error)
    }
  }

  private static func validate(
    _ functions: Range<Int>, _ tables: ModuleTables, _ validator: inout FunctionValidator?
  ) throws(BaselineError) {
    do throws(ModuleError) {
      for place in functions {
        try validator?.validate(functionIndex: UInt32(tables.importedFunctionCount + place))
      }
    } catch {
      throw .invalid(error)
    }
  }

  func finish() throws(BaselineError) -> [CompiledStretch] {
    let (compiled, failure) = state.withLock { ($0.compiled, $0.failure) }
    if let failure { throw failure }
    return compiled.compactMap { $0 }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.failure == nil, state.next < state.compiled.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}

extension FunctionCompiler {
  /// Compiles a stretch of functions, and behind them the thunks where asked to.
  fileprivate mutating func compile(
    _ functions: Range<Int>, withThunks: Bool
  ) throws(BaselineError) -> CompiledStretch {
    code.rewind(to: 0)
    callSiteCount = 0
    pads.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    var stretch = CompiledStretch(functions: functions)
    stretch.records.reserveCapacity(functions.count)
    let hasEntry = tables.hasEntry
    for place in functions {
      code.reserve()
      // A table entry sets what memory 0 is reached by, and falls into the body.
      let entry = hasEntry[place] ? tables.tableEntryCode.count : 0
      code.align(to: 16, before: entry)
      let start = code.position
      if entry > 0 { for byte in tables.tableEntryCode { code.put8(byte) } }
      let body = try compile(UInt32(tables.importedFunctionCount + place))
      stretch.records.append(
        FunctionRecord(
          body: UInt32(body.lowerBound), tableEntry: UInt32(start),
          byteCount: UInt32(body.count)))
    }
    if withThunks { addThunks(&stretch) }
    stretch.bytes = [UInt8](code.bytes)
    stretch.pads = pads
    stretch.positions = positions
    stretch.calls = [CallSite](UnsafeBufferPointer(start: callSites, count: callSiteCount))
    return stretch
  }

  private mutating func addThunks(_ stretch: inout CompiledStretch) {
    let module = tables.module
    let imported = Set(module.functions.prefix(module.importedFunctionCount))
    for type in module.types.indices {
      guard module.types[type].function != nil else {
        stretch.entryThunks.append(nil)
        stretch.hostThunks.append(nil)
        continue
      }
      stretch.entryThunks.append(UInt32(emitEntryThunk(type)))
      let isImported = imported.contains(UInt32(type))
      stretch.hostThunks.append(isImported ? UInt32(emitHostThunk(type)) : nil)
    }
  }
}

/// Puts the stretches one behind the other, and writes the distances of calls.
private struct ImageAssembly {
  private let tables: ModuleTables
  private let stretches: [CompiledStretch]

  init(_ tables: ModuleTables, _ stretches: [CompiledStretch]) {
    self.tables = tables
    self.stretches = stretches
  }

  func contents() -> CodeImageContents {
    var contents = CodeImageContents()
    contents.options = tables.options
    var starts: [Int] = []
    var size = 0
    for stretch in stretches {
      starts.append(size)
      size += (stretch.bytes.count + 15) & ~15
    }
    contents.text.reserveCapacity(size)
    contents.functions.reserveCapacity(tables.module.definedFunctionCount)
    for (stretch, start) in zip(stretches, starts) {
      contents.text += repeatElement(0xCC, count: start - contents.text.count)
      contents.text += stretch.bytes
      let base = UInt32(start)
      for record in stretch.records {
        contents.functions.append(
          FunctionRecord(
            body: record.body + base, tableEntry: record.tableEntry + base,
            byteCount: record.byteCount))
      }
      for pad in stretch.pads {
        contents.pads.append(
          PadRecord(start: pad.start + base, end: pad.end + base, pad: pad.pad + base))
      }
      for position in stretch.positions {
        contents.positions.append(
          PositionRecord(
            codeOffset: position.codeOffset + base, wasmOffset: position.wasmOffset))
      }
      contents.entryThunks += stretch.entryThunks.map { $0.map { $0 + base } }
      contents.hostThunks += stretch.hostThunks.map { $0.map { $0 + base } }
    }
    linkCalls(&contents, starts)
    return contents
  }

  private func linkCalls(_ contents: inout CodeImageContents, _ starts: [Int]) {
    let imported = tables.importedFunctionCount
    contents.functions.withUnsafeBufferPointer { functions in
      contents.text.withUnsafeMutableBytes { text in
        for (stretch, start) in zip(stretches, starts) {
          for call in stretch.calls {
            let place = start + Int(call.place)
            let target = Int(functions[Int(call.function) - imported].body)
            text.storeBytes(
              of: Int32(truncatingIfNeeded: target - place - 4), toByteOffset: place,
              as: Int32.self)
          }
        }
      }
    }
  }
}
