// What all units of one compilation share: the module and the facts derived from it.

internal import CompilerInterface
internal import WasmModule

/// A module on its way to an image.
///
/// `@unchecked Sendable`: nothing changes after `init`, and `bytes` is memory that the caller of the
/// compiler keeps unchanged until it returns.
final class Program: @unchecked Sendable {
  let module: Module
  /// The module's bytes.
  let bytes: UnsafeRawBufferPointer
  let options: CodegenOptions
  let layout: VMContextLayout
  /// Where parameters and results go, by type index.
  let conventions: [CallingConvention]
  /// Whether bodies get memory 0's base as their second argument; otherwise it is undefined.
  let passesMemoryBase: Bool
  /// The type of global 0 where bodies get its value as their last argument.
  let passedGlobalZero: ValueType?
  let segmentBase: SegmentBase
  /// What a table entry does before it falls into the body.
  let tableEntryCode: [UInt8]
  let memories: [MemoryPlan]
  /// VMContext offset of each funcref cell, by function index.
  let funcRefs: [UInt32: Int]
  let scan: BodyScan

  /// Throws `.invalid` where a body cannot be read, `.failed` where the options contradict each other.
  init(
    module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions
  ) throws(CompilationError) {
    if let reason = options.contradiction { throw .failed(reason) }
    scan = try BodyScan(module, bytes)
    self.module = module
    self.bytes = bytes
    self.options = options
    let layout = VMContextLayout(module)
    self.layout = layout
    conventions = module.types.map { CallingConvention($0.function ?? FunctionType()) }
    passesMemoryBase = options.passesMemoryBase(module)
    passedGlobalZero = options.passedGlobalZero(module)
    tableEntryCode = options.tableEntryCode(module, layout)
    let segmentBase = SegmentBase(module, bytes: bytes, options: options)
    self.segmentBase = segmentBase
    memories = module.memories.indices.map {
      MemoryPlan(module, $0, layout, isInSegment: $0 == 0 && segmentBase.isUsed)
    }
    funcRefs = Dictionary(
      uniqueKeysWithValues: zip(module.referencedFunctions, layout.funcRefs))
  }

  /// For each defined function whether it can be called otherwise than by its index and gets or finds
  /// what its caller would not know.
  var tableEntries: [Bool] {
    var entries = Array(repeating: false, count: module.definedFunctionCount)
    guard !tableEntryCode.isEmpty else { return entries }
    let called = module.referencedFunctions + (module.start.map { [$0] } ?? [])
    for index in called where !module.isImportedFunction(index) {
      entries[Int(index) - module.importedFunctionCount] = true
    }
    return entries
  }

  /// How many supertypes type `index` has.
  func depth(ofType index: Int) -> Int {
    var depth = 0
    var type = module.types[index]
    while let supertype = type.supertype {
      depth += 1
      type = module.types[Int(supertype)]
    }
    return depth
  }

  /// The types of imported functions, each once.
  var importedFunctionTypes: [UInt32] {
    Array(Set(module.functions.prefix(module.importedFunctionCount))).sorted()
  }

  /// Bytes of the body of defined function `index`: what stands for its size in every rule.
  func byteCount(_ index: UInt32) -> Int { module.body(of: index).bytes.count }
}

/// How accesses to a memory are made.
struct MemoryPlan {
  /// All addresses lie in reserved, guarded space: no checks. Else each access compares with the
  /// memory's length.
  let isGuarded: Bool
  /// GS has its base.
  let isInSegment: Bool
  let is64Bit: Bool
  let isShared: Bool
  let isImported: Bool
  let pageSizeLog2: UInt8
  /// Bytes that the memory has at least, always.
  let minimumByteCount: UInt64
  /// Offset in the VMContext of the base.
  let baseOffset: Int
  /// Offset in the VMContext of the length (local) or of the pointer to the definition (imported).
  let lengthOffset: Int

  init(_ module: Module, _ index: Int, _ layout: VMContextLayout, isInSegment: Bool) {
    let type = module.memories[index]
    is64Bit = type.limits.is64Bit
    isShared = type.limits.isShared
    isGuarded = type.isGuarded
    self.isInSegment = isInSegment
    isImported = index < module.importedMemoryCount
    pageSizeLog2 = type.pageSizeLog2
    let minimum = type.limits.minimum.multipliedReportingOverflow(by: type.pageSize)
    minimumByteCount = minimum.overflow ? .max : minimum.partialValue
    baseOffset = layout.memories[index]
    lengthOffset = layout.memories[index] + 8
  }
}
