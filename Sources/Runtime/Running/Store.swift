// The store: all that belongs to one guest program, given back together.
//
// How to use Runtime:
//
//     let store = try Store()                               // once a program, on its thread
//     let linker = Linker(store)
//     try linker.define(wasiFunctions)                      // [HostFunctionDefinition]
//     let code = try LoadedCode(imageFile)                  // maps a CodeImage
//     let instance = try linker.instantiate(module, bytes: moduleBytes, code: code)
//     let memory = instance.memory("memory")?.guestMemory   // for WASI
//     let results = try store.invoke(instance.function("_start")!, [])
//
// `invoke` throws an `InvocationError`: a trap with its backtrace, or what a host function asked
// for. A store and all that comes from it belong to one thread at a time.

import CRuntime
package import CompilerInterface
import SystemCalls
package import WasmModule

/// Instances, memories, tables, globals and host functions of one program, its stack, and what a
/// host function wants to happen. Spec: core 3.0 §4.2.4.
///
/// Instances refer to each other by plain pointers, so nothing of a store is given back before the
/// store itself. Functions are plain pointers too: none may be used after its store.
package final class Store {
  /// What a guest may use.
  package struct Limits {
    /// Bytes of the guest's stack.
    package var stackByteCount = 16 << 20
    /// Bytes that all linear memories may have together; nil for as many as the machine gives.
    package var memoryByteCount: UInt64?
    /// Elements that all tables may have together; nil for no other limit than each table's own.
    package var tableElementCount: UInt64?
    /// Bytes that all structures and arrays may have together; nil for as many as the machine gives.
    package var heapByteCount: UInt64?
    /// Collect garbage at every allocation: slow, for tests.
    package var collectsAlways = false

    package init() {}
  }

  /// Why a host function returned `GuestStatus.pending`: what `invoke` throws once the guest's
  /// frames are left. Set it by `stop(_:)`.
  var pending: InvocationError?
  /// The exception that a host function passed on to the guest, with the frames that it has left.
  var passedOn: Trap?

  let arena: Arena
  private let allocator: (any StorageAllocator)?
  let stack: GuestStack
  let memoryBudget: ResourceBudget
  let tableBudget: ResourceBudget
  let heap: ObjectHeap
  let stackBounds: UnsafeMutablePointer<wasmrun_stack>
  let trapRecord: UnsafeMutablePointer<wasmrun_trap>
  let growth: UnsafeMutablePointer<wasmrun_growth>
  private let argumentArea: UnsafeMutableRawPointer
  /// All instances, also those whose instantiation failed half-way: other tables may already hold
  /// their functions.
  package internal(set) var instances: [Instance] = []
  private var memories: [LinearMemory] = []
  private var tables: [ReferenceTable] = []
  private var keptObjects: [AnyObject] = []
  /// Memories of other threads' stores, and where in this one's VMContexts they are shown.
  private var views: [(memory: LinearMemory, view: UnsafeMutablePointer<MemoryDefinition>)] = []

  /// Makes a store for guests that run on the calling thread. `allocator` gives it room for memories
  /// and globals; without one the kernel does. With `other`, a thread's store of the same program, it
  /// shares that one's allocator and limits of memories and tables.
  package init(
    _ limits: Limits = Limits(), allocator: (any StorageAllocator)? = nil,
    besides other: Store? = nil
  ) throws(ResourceError) {
    self.allocator = other?.allocator ?? allocator
    arena = Arena(self.allocator)
    stack = try GuestStack(byteCount: limits.stackByteCount)
    memoryBudget = other?.memoryBudget ?? ResourceBudget(limits.memoryByteCount)
    tableBudget = other?.tableBudget ?? ResourceBudget(limits.tableElementCount)
    heap = try ObjectHeap(limit: limits.heapByteCount ?? .max)
    if limits.collectsAlways { heap.beginStress() }
    stackBounds = try arena.allocate(wasmrun_stack.self)
    stackBounds.pointee = stack.bounds
    trapRecord = try arena.allocate(wasmrun_trap.self)
    growth = try arena.allocate(wasmrun_growth.self)
    growth.pointee = .make()
    argumentArea = try arena.allocate(
      byteCount: CallingConvention.areaByteCount, alignment: CallingConvention.areaSlotByteCount)
    // Early, because a sandbox may forbid it later.
    guard wasmrun_prepare_thread() else { throw .signalHandling(Errno.last) }
  }

  deinit {
    for (memory, view) in views { memory.remove(view) }
  }

  /// Lets `memory`, another store's, be seen in `view`, which lies in this store's arena.
  func show(_ memory: LinearMemory, in view: UnsafeMutablePointer<MemoryDefinition>) {
    memory.add(view)
    views.append((memory, view))
  }

  /// Lets `observer` know, in a signal handler, before the process dies of a signal that is no trap.
  package static func observeCrashes(_ observer: @convention(c) (Int32) -> Void) {
    wasmrun_observe_crashes(observer)
  }

  /// Keeps `object` alive as long as the store, as the environment of a host function must be.
  package func keepAlive(_ object: AnyObject) { keptObjects.append(object) }

  /// A function of the host. `definition.environment` must live as long as the store. It can be
  /// called by guests once a module imports it.
  package func makeFunction(_ definition: HostFunctionDefinition) throws(ResourceError) -> Function
  {
    let record = try arena.allocate(wasmrun_host_record.self)
    initializeHeader(&record.pointee.header)
    record.pointee.function = definition.function
    record.pointee.environment = definition.environment
    let reference = try arena.allocate(wasmrun_funcref.self)
    reference.pointee = wasmrun_funcref(
      code: nil,
      vmcontext: UnsafeMutableRawPointer(record).assumingMemoryBound(to: wasmrun_vmcontext.self),
      type_id: try TypeRegistry.id(of: definition.type), function_index: 0, identity: reference)
    return Function(reference)
  }

  /// A global of the host.
  package func makeGlobal(_ type: GlobalType, _ value: Value) throws(ResourceError) -> GlobalCell {
    let global = try GlobalCell(
      type: type, cell: arena.allocateGlobals([type], byteCount: 16, alignment: 16), in: self)
    global.value = value
    return global
  }

  /// A tag of the host, for exceptions that carry the parameters of `type`.
  package func makeTag(_ type: FunctionType) throws(ResourceError) -> Tag {
    try Tag(typeID: TypeRegistry.id(of: type), carrying: type.parameters, in: arena)
  }

  /// A memory of the host.
  package func makeMemory(_ type: MemoryType) throws(ResourceError) -> LinearMemory {
    try makeMemory(type, definition: arena.allocate(MemoryDefinition.self))
  }

  /// A table of the host, full of nulls.
  package func makeTable(_ type: TableType) throws(ResourceError) -> ReferenceTable {
    try makeTable(type, definition: arena.allocate(wasmrun_definition.self))
  }

  func makeMemory(
    _ type: MemoryType, definition: UnsafeMutablePointer<MemoryDefinition>
  ) throws(ResourceError) -> LinearMemory {
    let memory = try LinearMemory(
      type: type, definition: definition, in: arena, budget: memoryBudget, allocator: allocator)
    memories.append(memory)
    return memory
  }

  func makeTable(
    _ type: TableType, definition: UnsafeMutablePointer<wasmrun_definition>
  ) throws(ResourceError) -> ReferenceTable {
    let table = try ReferenceTable(type: type, definition: definition, in: self)
    tables.append(table)
    return table
  }

  /// Fills in what VMContexts and host records have in common.
  func initializeHeader(_ header: inout wasmrun_vmcontext) {
    header.stack_limit = stack.limit
    header.argument_area = argumentArea
    header.builtins = wasmrun_builtin_table()
    header.heap = heap.pointer
  }

  /// What the collector has done so far.
  package var collectionCount: UInt64 { heap.statistics.collectionCount }

  /// Bytes of structures and arrays, dead ones that are not found yet among them.
  package var heapByteCount: UInt64 { heap.statistics.byteCount }

  /// Frees every structure and array that nothing refers to.
  package func collectGarbage() { heap.collect() }

  /// How far from its memory's base `address` is; nil where it is in no memory's reservation.
  func memoryOffset(of address: UInt) -> UInt64? {
    for memory in memories {
      if let offset = memory.offset(of: address) { return offset }
    }
    // What an instance imports may be another store's.
    for memory in instances.lazy.flatMap(\.memories) {
      if let offset = memory.offset(of: address) { return offset }
    }
    return nil
  }
}
