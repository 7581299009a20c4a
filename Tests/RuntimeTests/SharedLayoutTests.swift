// The C header and the contract in Swift describe the same structures.

import CRuntime
import CompilerInterface
import Testing

@Suite struct SharedLayoutTests {
  @Test func vmContextHeader() {
    typealias Header = wasmrun_vmcontext
    #expect(MemoryLayout<Header>.size == VMContextLayout.headerByteCount)
    #expect(MemoryLayout<Header>.offset(of: \.memory0.base) == VMContextLayout.memoryBase)
    #expect(MemoryLayout<Header>.offset(of: \.memory0.length) == VMContextLayout.memoryLength)
    #expect(MemoryLayout<Header>.offset(of: \.stack_limit) == VMContextLayout.stackLimit)
    #expect(MemoryLayout<Header>.offset(of: \.argument_area) == VMContextLayout.argumentArea)
    #expect(MemoryLayout<Header>.offset(of: \.builtins) == VMContextLayout.builtins)
    #expect(MemoryLayout<Header>.offset(of: \.instance) == VMContextLayout.instance)
    #expect(MemoryLayout<Header>.offset(of: \.interrupt) == VMContextLayout.interrupt)
    #expect(MemoryLayout<Header>.offset(of: \.heap) == VMContextLayout.heap)
  }

  @Test func funcRef() {
    typealias Reference = wasmrun_funcref
    #expect(MemoryLayout<Reference>.size == VMContextLayout.funcRefByteCount)
    #expect(MemoryLayout<Reference>.offset(of: \.code) == VMContextLayout.funcRefCode)
    #expect(MemoryLayout<Reference>.offset(of: \.vmcontext) == VMContextLayout.funcRefVMContext)
    #expect(MemoryLayout<Reference>.offset(of: \.type_id) == VMContextLayout.funcRefTypeID)
    #expect(
      MemoryLayout<Reference>.offset(of: \.function_index) == VMContextLayout.funcRefFunctionIndex)
    #expect(MemoryLayout<Reference>.offset(of: \.identity) == VMContextLayout.funcRefSelf)
  }

  @Test func definitions() {
    #expect(MemoryLayout<wasmrun_definition>.size == VMContextLayout.definitionByteCount)
    #expect(MemoryLayout<MemoryDefinition>.size == VMContextLayout.definitionByteCount)
    #expect(
      MemoryLayout<MemoryDefinition>.offset(of: \.base)
        == MemoryLayout<wasmrun_definition>.offset(of: \.base))
    #expect(
      MemoryLayout<MemoryDefinition>.offset(of: \.byteCount)
        == MemoryLayout<wasmrun_definition>.offset(of: \.length))
  }

  @Test func codeRequests() {
    typealias Requests = wasmrun_code_requests
    typealias Layout = CodeRegionLayout
    let offset = { (path: PartialKeyPath<Requests>) in MemoryLayout<Requests>.offset(of: path) }
    #expect(offset(\.function_requests) == Layout.functionRequests)
    #expect(offset(\.function_sleepers) == Layout.functionSleepers)
    #expect(offset(\.code_waiters) == Layout.codeWaiters)
    #expect(offset(\.life_descriptor) == Layout.lifeDescriptor)
    #expect(offset(\.loop_requests) == Layout.loopRequests)
    #expect(offset(\.function_ring) == Layout.functionRing)
    #expect(offset(\.loop_ring) == Layout.loopRing)
    #expect(MemoryLayout<Requests>.size <= Layout.heat)
    #expect(Int(WASMRUN_REQUEST_RING) == Layout.ringCapacity)
    #expect(Int(WASMRUN_REQUEST_HEAT) == Layout.heat)
    #expect(UInt32(WASMRUN_LOOP_BUDGET) == Layout.loopBudget)
  }

  @Test func codeRegion() {
    typealias Region = wasmrun_code_region
    typealias Layout = CodeRegionLayout
    let offset = { (path: PartialKeyPath<Region>) in MemoryLayout<Region>.offset(of: path) }
    #expect(offset(\.state) == Layout.state)
    #expect(offset(\.publications) == Layout.publications)
    #expect(offset(\.loop_count) == Layout.loopCount)
    #expect(offset(\.requests_distance) == Layout.requestsDistance)
    #expect(offset(\.log_counts) == Layout.logCounts)
    #expect(offset(\.pad_counts) == Layout.padCounts)
    #expect(offset(\.log_offsets) == Layout.logOffsets)
    #expect(offset(\.pad_offsets) == Layout.padOffsets)
    #expect(offset(\.loops_offset) == Layout.loopsOffset)
    #expect(offset(\.text_offset) == Layout.textOffset)
    #expect(offset(\.function_count) == Layout.functionCountOffset)
    #expect(Int(WASMRUN_REGION_SLOTS) == Layout.slots)
    #expect(UInt32(WASMRUN_REGION_READY) == CodeRegionState.ready)
    #expect(Int32(WASMRUN_NO_CODE) == GuestStatus.noCode)
    #expect(MemoryLayout<wasmrun_code_loop>.size == Layout.loopByteCount)
  }

  @Test func hostRecord() {
    #expect(MemoryLayout<wasmrun_host_record>.size == HostRecordLayout.byteCount)
    #expect(
      MemoryLayout<wasmrun_host_record>.offset(of: \.function) == HostRecordLayout.function)
    #expect(
      MemoryLayout<wasmrun_host_record>.offset(of: \.environment) == HostRecordLayout.environment)
  }

  @Test func exceptions() {
    #expect(MemoryLayout<wasmrun_exception>.offset(of: \.tag) == ExceptionLayout.tag)
    // The payload begins where the fixed part ends.
    #expect(MemoryLayout<wasmrun_exception>.size == ExceptionLayout.payload)
    #expect(MemoryLayout<wasmrun_pad>.size == PadRecord.byteCount)
    #expect(MemoryLayout<wasmrun_pad>.offset(of: \.end) == 4)
    #expect(MemoryLayout<wasmrun_pad>.offset(of: \.pad) == 8)
    #expect(MemoryLayout<wasmrun_tag>.offset(of: \.record) == TagLayout.record)
  }

  @Test func statuses() {
    #expect(WASMRUN_FINISHED == Int(GuestStatus.finished))
    #expect(WASMRUN_MEMORY_OUT_OF_BOUNDS == TrapCode.memoryOutOfBounds.rawValue)
    #expect(WASMRUN_TABLE_OUT_OF_BOUNDS == TrapCode.tableOutOfBounds.rawValue)
    #expect(WASMRUN_INTEGER_DIVIDE_BY_ZERO == TrapCode.integerDivideByZero.rawValue)
    #expect(WASMRUN_STACK_EXHAUSTED == TrapCode.stackExhausted.rawValue)
    #expect(WASMRUN_ARRAY_OUT_OF_BOUNDS == TrapCode.arrayOutOfBounds.rawValue)
    #expect(WASMRUN_HEAP_EXHAUSTED == TrapCode.heapExhausted.rawValue)
    #expect(WASMRUN_UNCAUGHT_EXCEPTION == TrapCode.uncaughtException.rawValue)
    #expect(WASMRUN_LAST_TRAP_CODE == TrapCode.allCases.map(\.rawValue).max()!)
    #expect(WASMRUN_STACK_RESERVE == CallingConvention.stackReserve)
  }

  @Test func objects() {
    #expect(MemoryLayout<wasmrun_type>.offset(of: \.id) == TypeRecordLayout.id)
    #expect(MemoryLayout<wasmrun_type>.offset(of: \.kind) == TypeRecordLayout.kind)
    #expect(MemoryLayout<wasmrun_type>.size == TypeRecordLayout.display)
    #expect(WASMRUN_TYPE_FUNCTION == Int(TypeRecordLayout.Kind.function.rawValue))
    #expect(WASMRUN_TYPE_STRUCTURE == Int(TypeRecordLayout.Kind.structure.rawValue))
    #expect(WASMRUN_TYPE_ARRAY == Int(TypeRecordLayout.Kind.array.rawValue))
    #expect(MemoryLayout<wasmrun_array>.offset(of: \.type) == ObjectLayout.typeRecord)
    #expect(MemoryLayout<wasmrun_array>.offset(of: \.length) == ObjectLayout.arrayLength)
    #expect(MemoryLayout<wasmrun_array>.size == ObjectLayout.arrayElements)
  }

  /// Each builtin's place in C is its raw value in Swift, and something is there.
  @Test func builtinTable() {
    let places: [(Builtin, wasmrun_builtin)] = [
      (.raise, WASMRUN_BUILTIN_RAISE), (.memoryGrow, WASMRUN_BUILTIN_MEMORY_GROW),
      (.memoryCopy, WASMRUN_BUILTIN_MEMORY_COPY), (.memoryFill, WASMRUN_BUILTIN_MEMORY_FILL),
      (.memoryInit, WASMRUN_BUILTIN_MEMORY_INIT), (.dataDrop, WASMRUN_BUILTIN_DATA_DROP),
      (.tableSet, WASMRUN_BUILTIN_TABLE_SET), (.tableGrow, WASMRUN_BUILTIN_TABLE_GROW),
      (.tableFill, WASMRUN_BUILTIN_TABLE_FILL), (.tableCopy, WASMRUN_BUILTIN_TABLE_COPY),
      (.tableInit, WASMRUN_BUILTIN_TABLE_INIT), (.elementDrop, WASMRUN_BUILTIN_ELEMENT_DROP),
      (.isSubtype, WASMRUN_BUILTIN_IS_SUBTYPE),
      (.structNew, WASMRUN_BUILTIN_STRUCT_NEW),
      (.arrayNew, WASMRUN_BUILTIN_ARRAY_NEW),
      (.arrayNewData, WASMRUN_BUILTIN_ARRAY_NEW_DATA),
      (.arrayNewElement, WASMRUN_BUILTIN_ARRAY_NEW_ELEMENT),
      (.arrayFill, WASMRUN_BUILTIN_ARRAY_FILL),
      (.arrayCopy, WASMRUN_BUILTIN_ARRAY_COPY),
      (.arrayInitData, WASMRUN_BUILTIN_ARRAY_INIT_DATA),
      (.arrayInitElement, WASMRUN_BUILTIN_ARRAY_INIT_ELEMENT),
      (.memoryNotify, WASMRUN_BUILTIN_MEMORY_NOTIFY),
      (.memoryWait32, WASMRUN_BUILTIN_MEMORY_WAIT32),
      (.memoryWait64, WASMRUN_BUILTIN_MEMORY_WAIT64), (.throw, WASMRUN_BUILTIN_THROW),
      (.resume, WASMRUN_BUILTIN_RESUME), (.awaitCode, WASMRUN_BUILTIN_AWAIT_CODE),
      (.loopIsHot, WASMRUN_BUILTIN_LOOP_IS_HOT),
    ]
    #expect(places.map(\.0) == Builtin.allCases)
    #expect(places.allSatisfy { $0.rawValue == $1.rawValue })
    #expect(WASMRUN_BUILTIN_COUNT.rawValue == Builtin.allCases.count)
    let table = UnsafeBufferPointer(start: wasmrun_builtin_table(), count: places.count)
    #expect(Set(table.map(UInt.init(bitPattern:))).count == places.count)
  }
}
