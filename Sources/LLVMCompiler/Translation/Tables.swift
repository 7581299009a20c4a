// Instructions on tables.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateTable(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .tableGet: tableGet(Int(instruction.index))
    case .tableSet: tableSet(instruction.index)
    case .tableInit: tableInit(segment: instruction.index, table: instruction.index2)
    case .elemDrop: _ = callBuiltin(.elementDrop, [types.i32(instruction.index)])
    case .tableCopy: tableCopy(instruction)
    case .tableGrow: tableGrow(instruction.index)
    case .tableSize:
      let is64Bit = is64BitTable(Int(instruction.index))
      push(narrow(tableLength(Int(instruction.index)), is64Bit: is64Bit))
    case .tableFill: tableFill(instruction.index)
    default: throw unsupported(instruction)
    }
  }

  private mutating func tableGet(_ table: Int) {
    let element = popElement(table)
    let type = program.module.tables[table].type.element
    let offset =
      program.module.hierarchy(of: type) == .function ? VMContextLayout.funcRefSelf : 0
    push(
      builder.load(
        types.type(type), builder.address(element, plus: offset), alignment: 8, alias.tables[table])
    )
  }

  private mutating func tableSet(_ table: UInt32) {
    let reference = bits(pop())
    let index = widen(pop(), is64Bit: is64BitTable(Int(table)))
    callChecked(.tableSet, [types.i32(table), index, reference])
  }

  private mutating func tableInit(segment: UInt32, table: UInt32) {
    let count = pop()
    let source = pop()
    let destination = widen(pop(), is64Bit: is64BitTable(Int(table)))
    callChecked(.tableInit, [types.i32(segment), types.i32(table), destination, source, count])
  }

  private mutating func tableCopy(_ instruction: Instruction) {
    let to64Bit = is64BitTable(Int(instruction.index))
    let from64Bit = is64BitTable(Int(instruction.index2))
    let count = widen(pop(), is64Bit: to64Bit && from64Bit)
    let source = widen(pop(), is64Bit: from64Bit)
    let destination = widen(pop(), is64Bit: to64Bit)
    callChecked(
      .tableCopy,
      [types.i32(instruction.index), types.i32(instruction.index2), destination, source, count])
  }

  private mutating func tableGrow(_ table: UInt32) {
    let is64Bit = is64BitTable(Int(table))
    let delta = widen(pop(), is64Bit: is64Bit)
    let reference = bits(pop())
    let size = callBuiltin(.tableGrow, [types.i32(table), reference, delta])
    push(narrow(size, is64Bit: is64Bit))
  }

  private mutating func tableFill(_ table: UInt32) {
    let is64Bit = is64BitTable(Int(table))
    let count = widen(pop(), is64Bit: is64Bit)
    let reference = bits(pop())
    let index = widen(pop(), is64Bit: is64Bit)
    callChecked(.tableFill, [types.i32(table), index, reference, count])
  }

  // MARK: Elements.

  private func is64BitTable(_ table: Int) -> Bool {
    program.module.tables[table].type.limits.is64Bit
  }

  /// Pops an index and yields the element's address; traps outside of the table.
  mutating func popElement(_ table: Int) -> LLVMValueRef {
    let index = widen(pop(), is64Bit: is64BitTable(table))
    trap(.tableOutOfBounds, if: builder.compare(LLVMIntUGE, index, tableLength(table)))
    let byteCount = VMContextLayout.elementByteCount(
      program.module.hierarchy(of: program.module.tables[table].type.element))
    let base = builder.load(
      types.pointer, tableField(table, 0), alignment: 8, alias.definitions)
    return builder.address(base, plus: builder.binary(LLVMMul, index, types.i64(byteCount)))
  }

  private func tableLength(_ table: Int) -> LLVMValueRef {
    builder.load(types.i64, tableField(table, 8), alignment: 8, alias.definitions)
  }

  /// The address of the base (0) or the length (8) of a table's definition.
  private func tableField(_ table: Int, _ field: Int) -> LLVMValueRef {
    let offset = program.layout.tables[table]
    guard table < program.module.importedTableCount else {
      return builder.address(vmctx, plus: offset + field)
    }
    let definition = builder.loadInvariant(types.pointer, vmctx, at: offset)
    return builder.address(definition, plus: field)
  }
}
