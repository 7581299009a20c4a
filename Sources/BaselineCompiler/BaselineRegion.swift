// The baseline compiler at work for a region: what all functions share, then one after the other.

package import CompileService
package import CompilerInterface
internal import Synchronization
internal import SystemCalls
package import WasmModule

/// A module's baseline code in a region. Thread-safe.
package final class BaselineRegion: Sendable {
  private let tables: ModuleTables
  private let region: CodeRegion
  private let queue: CompileQueue
  private let counts: Bool

  /// For a module whose declarations are valid; `bytes` stay as they are as long as this object.
  /// `counts` says whether code counts how hot it is. Throws where the module needs what this
  /// compiler does not have.
  package init(
    _ module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions, region: CodeRegion,
    counts: Bool
  ) throws(BaselineError) {
    tables = try ModuleTables(module, bytes: bytes, options: options)
    self.region = region
    self.counts = counts
    queue = CompileQueue(region, bodyByteCounts: module.bodies.map(\.bytes.count))
  }

  /// Writes stubs and thunks, and declares the region ready. To be called once, before any thread
  /// works.
  package func prepare() throws(BaselineError) {
    region.writeHeader()
    var compiler = FunctionCompiler(tables, region: region)
    try compiler.addShared(region)
    region.setState(CodeRegionState.ready)
  }

  /// Compiles what is asked for and, unless `onlyRequests`, everything else, on the calling thread,
  /// until `end`. `fail` is called at most once on each thread, with why a function that was asked
  /// for has no code.
  package func work(onlyRequests: Bool = false, fail: (CompileFailure) -> Void) {
    do throws(CompileFailure) {
      var worker = try BaselineWorker(tables, region, counts: counts)
      queue.work(&worker, onlyRequests: onlyRequests, fail: fail)
    } catch {
      fail(error)
      region.setState(CodeRegionState.failed)
    }
  }

  /// Lets all threads return from `work`.
  package func end() { queue.end() }
}

/// A thread's compiler and validator.
private struct BaselineWorker: RegionCompiler, ~Copyable {
  private var compiler: FunctionCompiler
  private var validator: FunctionValidator
  private let region: CodeRegion
  private let imported: Int

  init(_ tables: ModuleTables, _ region: CodeRegion, counts: Bool) throws(CompileFailure) {
    do throws(ModuleError) {
      validator = try FunctionValidator(tables.module, bytes: tables.bytes)
    } catch {
      throw .invalid("\(error)")
    }
    compiler = FunctionCompiler(tables, region: region, counts: counts)
    self.region = region
    imported = tables.importedFunctionCount
  }

  mutating func compile(
    _ functions: Range<Int>, until isUrgent: () -> Bool
  ) throws(CompileFailure) -> Int {
    var addition = CodeRegion.Addition()
    compiler.beginBuffer()
    for function in functions {
      do throws(ModuleError) {
        try validator.validate(functionIndex: UInt32(imported + function))
      } catch {
        throw .invalid("\(error)")
      }
      do throws(BaselineError) {
        try compiler.add(function, to: &addition)
      } catch {
        throw CompileFailure(error)
      }
      if isUrgent() { break }
    }
    let count = addition.functions.count
    do throws(BaselineError) {
      try compiler.publish(addition, region)
    } catch {
      throw CompileFailure(error)
    }
    return count
  }
}

extension CompileFailure {
  package init(_ error: BaselineError) {
    switch error {
    case .invalid(let error): self = .invalid("\(error)")
    case .unsupported(let what): self = .unsupported(what)
    case .failed(let why): self = .failed(why)
    }
  }
}

extension FunctionCompiler {
  /// Compiles a defined function, which is valid, into the buffer.
  fileprivate mutating func add(
    _ function: Int, to addition: inout CodeRegion.Addition
  ) throws(BaselineError) {
    code.reserve()
    code.align(to: 16)
    let body = try compile(UInt32(tables.importedFunctionCount + function))
    addition.records.append(
      CodeRecord(
        start: UInt32(body.lowerBound), end: UInt32(body.upperBound), function: UInt32(function)))
    addition.functions.append((function, body.lowerBound))
  }

  /// Writes stubs and thunks at the beginning of the text.
  fileprivate mutating func addShared(_ region: CodeRegion) throws(BaselineError) {
    beginBuffer()
    let layout = region.layout
    emitStubs(layout.functionCount)
    let module = tables.module
    let imported = Set(module.functions.prefix(module.importedFunctionCount))
    for (index, type) in module.types.enumerated() where type.function != nil {
      let entry = emitEntryThunk(index)
      let host = imported.contains(UInt32(index)) ? emitHostThunk(index) : 0
      region.setThunks(ofType: index, entry: entry, host: host)
    }
    try publish(CodeRegion.Addition(), region)
  }

  fileprivate mutating func beginBuffer() {
    code.rewind(to: 0)
    callSiteCount = 0
    references.removeAll(keepingCapacity: true)
    pads.removeAll(keepingCapacity: true)
  }

  /// Puts the buffer's code where it belongs.
  fileprivate mutating func publish(
    _ contents: CodeRegion.Addition, _ region: CodeRegion
  ) throws(BaselineError) {
    var addition = contents
    addition.pads = pads
    let text = region.layout.text
    let references = references
    let buffer = UnsafeMutableRawBufferPointer(mutating: code.bytes)
    let isPlaced = region.add(.baseline, byteLimit: buffer.count) { start in
      for reference in references {
        let distance = Int(reference.target) - (text + start + Int(reference.place) + 4)
        buffer.storeBytes(
          of: Int32(truncatingIfNeeded: distance), toByteOffset: Int(reference.place),
          as: Int32.self)
      }
      addition.bytes = [UInt8](buffer)
      return addition
    }
    guard isPlaced else { throw .failed("there is no room for more code") }
  }
}
