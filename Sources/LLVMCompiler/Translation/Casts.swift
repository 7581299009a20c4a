// Casts, conversions and i31. Spec: core 3.0 §4.6.7; how references look is on ObjectLayout's page.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateCast(_ instruction: Instruction) throws(ModuleError) {
    let top = stack[stack.count - 1]
    switch instruction.opcode {
    case .refTest, .refTestNull: push(condition: matches(pop(), instruction.castTarget))
    case .refCast, .refCastNull:
      let fits = matches(top, instruction.castTarget)
      trap(.castFailure, if: builder.binary(LLVMXor, fits, types.i1(true)))
    case .brOnCast: branchIf(matches(top, instruction.castTarget), to: instruction.index)
    case .brOnCastFail:
      let fits = matches(top, instruction.castTarget)
      branchIf(builder.binary(LLVMXor, fits, types.i1(true)), to: instruction.index)
    // Both families have the same bits.
    case .anyConvertExtern, .externConvertAny: break
    case .refI31:
      let shifted = builder.binary(LLVMShl, pop(), types.i32(1))
      let tagged = builder.binary(LLVMOr, shifted, types.i32(1))
      let wide = builder.cast(LLVMZExt, tagged, to: types.i64)
      push(builder.cast(LLVMIntToPtr, wide, to: types.reference))
    case .i31GetS, .i31GetU:
      let word = builder.cast(LLVMTrunc, bits(popNonNull()), to: types.i32)
      let shift = instruction.opcode == .i31GetS ? LLVMAShr : LLVMLShr
      push(builder.binary(shift, word, types.i32(1)))
    default: throw unsupported(instruction)
    }
  }

  // MARK: Tests.

  /// Whether `reference` is a value of `target`, an `i1`.
  private mutating func matches(
    _ reference: LLVMValueRef, _ target: ValueType
  ) -> LLVMValueRef {
    guard let heapType = target.heapType else { return types.i1(false) }
    let isNullable = types.i1(target.isNullableReference)
    if let always = Self.fixedAnswer(heapType) {
      return builder.select(isNull(reference), isNullable, types.i1(always))
    }
    var test = Test(answer: builder.newBlock(in: function))
    let notNull = builder.newBlock(in: function)
    test.note(isNullable, from: builder.block)
    builder.branch(isNull(reference), test.answer, notNull)
    builder.position(atEndOf: notNull)
    let answer =
      if let index = heapType.typeIndex {
        program.module.types[Int(index)].function == nil
          ? isObject(reference, of: Int(index), &test) : isFunction(reference, of: Int(index))
      } else {
        matchesAbstract(reference, heapType, &test)
      }
    test.note(answer, from: builder.block)
    builder.branch(test.answer)
    builder.position(atEndOf: test.answer)
    return test.result(builder, types)
  }

  /// What the test for a family's top or bottom type answers of all that is not null; nil for other
  /// types.
  private static func fixedAnswer(_ heapType: HeapType) -> Bool? {
    switch heapType {
    case .any, .function, .external, .exception: true
    case .none, .noFunction, .noExternal, .noException: false
    default: nil
    }
  }

  /// Edges to the block where the answer is known.
  private struct Test {
    let answer: LLVMBasicBlockRef
    var incoming: [(value: LLVMValueRef, block: LLVMBasicBlockRef)] = []

    mutating func note(_ value: LLVMValueRef, from block: LLVMBasicBlockRef) {
      incoming.append((value, block))
    }

    /// The answer, at the head of its block.
    func result(_ builder: IRBuilder, _ types: IRTypes) -> LLVMValueRef {
      let phi = builder.phi(types.i1)
      for edge in incoming {
        var value: LLVMValueRef? = edge.value
        var block: LLVMBasicBlockRef? = edge.block
        LLVMAddIncoming(phi, &value, &block, 1)
      }
      return phi
    }
  }

  private mutating func matchesAbstract(
    _ reference: LLVMValueRef, _ heapType: HeapType, _ test: inout Test
  ) -> LLVMValueRef {
    let tag = builder.binary(LLVMAnd, bits(reference), types.i64(3))
    switch heapType {
    case .i31:
      return builder.compare(LLVMIntNE, builder.binary(LLVMAnd, tag, types.i64(1)), types.i64(0))
    // Only the host's values have no identity.
    case .eq: return builder.compare(LLVMIntNE, tag, types.i64(2))
    default:
      let record = typeRecord(of: reference, &test)
      let kind = builder.loadInvariant(types.i32, record, at: TypeRecordLayout.kind, alignment: 4)
      let wanted: TypeRecordLayout.Kind = heapType == .array ? .array : .structure
      return builder.compare(LLVMIntEQ, kind, types.i32(wanted.rawValue))
    }
  }

  /// The type's record of what may be no object, which then goes to the answer with false.
  private mutating func typeRecord(
    of reference: LLVMValueRef, _ test: inout Test
  ) -> LLVMValueRef {
    let tag = builder.binary(LLVMAnd, bits(reference), types.i64(3))
    let object = builder.newBlock(in: function)
    test.note(types.i1(false), from: builder.block)
    builder.branch(builder.compare(LLVMIntEQ, tag, types.i64(0)), object, test.answer)
    builder.position(atEndOf: object)
    return builder.loadInvariant(types.pointer, reference, at: ObjectLayout.typeRecord)
  }

  /// Whether a reference of the `any` family is to an object of type `index`. One comparison, for a
  /// final type of the records, else of the ancestor at the wanted type's depth.
  private mutating func isObject(
    _ reference: LLVMValueRef, of index: Int, _ test: inout Test
  ) -> LLVMValueRef {
    let record = typeRecord(of: reference, &test)
    if program.module.types[index].isFinal {
      let wanted = builder.loadInvariant(
        types.pointer, vmctx, at: program.layout.typeRecords[index] ?? 0)
      return builder.compare(LLVMIntEQ, record, wanted)
    }
    let depth = program.depth(ofType: index)
    guard depth < TypeRecordLayout.minimumDisplayCount else {
      let id = builder.loadInvariant(types.i32, record, at: TypeRecordLayout.id, alignment: 4)
      return isSubtype(id, of: index)
    }
    let ancestor = builder.loadInvariant(
      types.i32, record, at: TypeRecordLayout.display + 4 * depth, alignment: 4)
    return builder.compare(LLVMIntEQ, ancestor, typeID(index))
  }

  private mutating func isFunction(_ reference: LLVMValueRef, of index: Int) -> LLVMValueRef {
    let id = builder.loadInvariant(
      types.i32, reference, at: VMContextLayout.funcRefTypeID, alignment: 4)
    return program.module.types[index].isFinal
      ? builder.compare(LLVMIntEQ, id, typeID(index)) : isSubtype(id, of: index)
  }

  private func isSubtype(_ id: LLVMValueRef, of index: Int) -> LLVMValueRef {
    let answer = callBuiltin(.isSubtype, [id, typeID(index)])
    return builder.compare(LLVMIntNE, answer, types.i32(0))
  }

  private func typeID(_ index: Int) -> LLVMValueRef {
    builder.loadInvariant(types.i32, vmctx, at: program.layout.typeIDs[index], alignment: 4)
  }
}
