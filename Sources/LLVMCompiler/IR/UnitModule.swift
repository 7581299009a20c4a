// One LLVM module under construction: its context, declarations and intrinsics.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// A function's prototype.
struct Signature {
  let type: FunctionType
  let convention: CallingConvention
  /// `(vmctx, m0, register parameters…) -> first result`
  let prototype: LLVMTypeRef
}

/// The LLVM module of a unit. Owns the context, and with it all IR; not thread-safe, as LLVM's
/// contexts are not.
final class UnitModule {
  /// LLVM's number for `preserve_nonecc` (llvm/IR/CallingConv.h).
  static let wasmConvention: UInt32 = 21

  let program: Program
  let context: LLVMContextRef
  let module: LLVMModuleRef
  let types: IRTypes
  let alias: AliasTags
  let attributes: FunctionAttributes
  let builder: IRBuilder
  /// nil where it is not noted which instruction IR is of.
  let positions: PositionNotes?
  /// Bodies in place of calls in each function, where positions are noted.
  private(set) var inlinings: [UInt32: [InliningRecord]] = [:]
  private let noName: UnsafeMutablePointer<CChar>
  private var functions: [UInt32: LLVMValueRef] = [:]
  private var signatures: [Signature?]
  private var intrinsics: [IntrinsicKey: Callable] = [:]
  private var builtinTypes: [LLVMTypeRef?]

  /// A function to call and its type.
  struct Callable {
    let type: LLVMTypeRef
    let function: LLVMValueRef
  }

  private struct IntrinsicKey: Hashable {
    let name: String
    let types: [LLVMTypeRef]
  }

  /// `hasBodies`: the unit gets functions of the module.
  init(
    _ program: Program, name: String, hasBodies: Bool = true, target: borrowing TargetMachine
  ) {
    self.program = program
    context = LLVMContextCreate()
    LLVMContextSetDiscardValueNames(context, 1)
    module = LLVMModuleCreateWithNameInContext(name, context)
    types = IRTypes(context, program.module)
    alias = AliasTags(context, program.module)
    attributes = FunctionAttributes(
      context, mayUnwind: program.scan.catchesExceptions,
      usesSegment: program.segmentBase.isUsed)
    positions =
      hasBodies && program.options.notesPositions ? PositionNotes(module, context) : nil
    noName = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    noName.initialize(to: 0)
    builder = IRBuilder(types, alias, noName: noName)
    signatures = Array(repeating: nil, count: program.module.types.count)
    builtinTypes = Array(repeating: nil, count: Builtin.allCases.count)
    target.configure(module)
  }

  deinit {
    builder.dispose()
    positions?.dispose()
    LLVMDisposeModule(module)
    LLVMContextDispose(context)
    noName.deallocate()
  }

  /// Notes that `function` has a body in place of the call at `offset`, which is in inlining `outer`;
  /// the inlining's number in the function, from 1 on.
  func addInlining(ofCallAt offset: UInt32, in outer: UInt32, _ function: UInt32) -> UInt32 {
    inlinings[function, default: []].append(InliningRecord(call: offset, outer: outer))
    return UInt32(inlinings[function]?.count ?? 0)
  }

  // MARK: Functions.

  /// The prototype of the module's type `index`.
  func signature(typeIndex index: UInt32) -> Signature {
    if let known = signatures[Int(index)] { return known }
    let type = program.module.definedFunctionType(index)
    let convention = program.conventions[Int(index)]
    var parameters = [types.pointer, types.pointer]
    for (parameter, location) in zip(type.parameters, convention.parameters)
    where location == .register {
      parameters.append(types.type(parameter))
    }
    parameters += globalZeroPadding(parameters).map { LLVMTypeOf($0) }
    if let type = program.passedGlobalZero { parameters.append(types.type(type)) }
    let result = type.results.first.map { types.type($0) } ?? types.void
    let signature = Signature(
      type: type, convention: convention, prototype: types.function(result, parameters))
    signatures[Int(index)] = signature
    return signature
  }

  /// What has to stand between the arguments of these types and global 0's value for the latter to be
  /// in its register: anything. Nothing where it is not passed.
  func globalZeroPadding(_ parameters: [LLVMTypeRef]) -> [LLVMValueRef] {
    guard program.passedGlobalZero != nil else { return [] }
    let vectors = [types.f32, types.f64, types.v128]
    let integerCount = parameters.count { !vectors.contains($0) } - 2
    return Array(
      repeating: LLVMGetPoison(types.i64),
      count: CallingConvention.lastIntegerRegister - integerCount)
  }

  /// `arguments` with global 0's value, or anything, behind them; as they are where it is not passed.
  func addGlobalZero(_ value: LLVMValueRef?, to arguments: [LLVMValueRef]) -> [LLVMValueRef] {
    guard let type = program.passedGlobalZero else { return arguments }
    return arguments + globalZeroPadding(arguments.map { LLVMTypeOf($0) })
      + [value ?? LLVMGetPoison(types.type(type))]
  }

  func signature(ofFunction index: UInt32) -> Signature {
    signature(typeIndex: program.module.functions[Int(index)])
  }

  /// The prototype of code that goes on in a loop of defined function `index`: no parameters, for
  /// the locals are in the argument area, and the function's results.
  func signature(ofLoopIn index: UInt32) -> Signature {
    let type = FunctionType(parameters: [], results: signature(ofFunction: index).type.results)
    let result = type.results.first.map { types.type($0) } ?? types.void
    return Signature(
      type: type, convention: CallingConvention(type),
      prototype: types.function(result, [types.pointer, types.pointer]))
  }

  /// The defined function `index`, declared at its first use.
  func function(_ index: UInt32) -> LLVMValueRef {
    if let known = functions[index] { return known }
    let function = addFunction(
      .function(index), signature(ofFunction: index).prototype, convention: Self.wasmConvention)
    functions[index] = function
    return function
  }

  /// Declares a function of this image. All are hidden, so that calls are direct.
  func addFunction(
    _ symbol: ImageSymbol, _ type: LLVMTypeRef, convention: UInt32
  ) -> LLVMValueRef {
    let function: LLVMValueRef = LLVMAddFunction(module, symbol.name, type)
    LLVMSetVisibility(function, LLVMHiddenVisibility)
    LLVMSetFunctionCallConv(function, convention)
    attributes.apply(to: function)
    return function
  }

  /// Gives a function about to be defined its own section, so that the linker can place it.
  func placeInOwnSection(_ function: LLVMValueRef, _ symbol: ImageSymbol) {
    LLVMSetSection(function, ".text.\(symbol.name)")
  }

  /// Throws what LLVM's verifier finds wrong; a fault of the translation.
  func verify() throws(CompilationError) {
    var message: UnsafeMutablePointer<CChar>?
    let isWrong = LLVMVerifyModule(module, LLVMReturnStatusAction, &message) != 0
    let text = takeMessage(message)
    if isWrong { throw .failed("invalid IR: \(text)") }
  }

  // MARK: Intrinsics.

  /// The intrinsic `name` (without its type suffixes) for `overloads`.
  func intrinsic(_ name: String, _ overloads: [LLVMTypeRef]) -> Callable {
    let key = IntrinsicKey(name: name, types: overloads)
    if let known = intrinsics[key] { return known }
    let number = LLVMLookupIntrinsicID(name, name.utf8.count)
    var parameters: [LLVMTypeRef?] = overloads
    let callable = Callable(
      type: LLVMIntrinsicGetType(context, number, &parameters, overloads.count),
      function: LLVMGetIntrinsicDeclaration(module, number, &parameters, overloads.count))
    intrinsics[key] = callable
    return callable
  }

  // MARK: Builtins.

  /// The C prototype of `builtin`; `Builtin` says what the arguments mean.
  func prototype(of builtin: Builtin) -> LLVMTypeRef {
    if let known = builtinTypes[builtin.rawValue] { return known }
    let (context, object, i32, i64) = (types.pointer, types.reference, types.i32, types.i64)
    let prototype =
      switch builtin {
      case .raise: types.function(types.void, [context, i32])
      case .memoryGrow: types.function(i64, [context, i32, i64])
      case .memoryCopy: types.function(i32, [context, i32, i32, i64, i64, i64])
      case .memoryFill: types.function(i32, [context, i32, i64, i32, i64])
      case .memoryInit: types.function(i32, [context, i32, i32, i64, i32, i32])
      case .dataDrop: types.function(types.void, [context, i32])
      case .tableSet: types.function(i32, [context, i32, i64, i64])
      case .tableGrow: types.function(i64, [context, i32, i64, i64])
      case .tableFill: types.function(i32, [context, i32, i64, i64, i64])
      case .tableCopy: types.function(i32, [context, i32, i32, i64, i64, i64])
      case .tableInit: types.function(i32, [context, i32, i32, i64, i32, i32])
      case .elementDrop: types.function(types.void, [context, i32])
      case .isSubtype: types.function(i32, [context, i32, i32])
      case .structNew: types.function(object, [context, types.pointer])
      case .arrayNew: types.function(object, [context, types.pointer, i32])
      case .arrayNewData, .arrayNewElement:
        types.function(object, [context, types.pointer, i32, i32, i32])
      case .arrayFill: types.function(i32, [context, object, i32, i64, i64, i32])
      case .arrayCopy: types.function(i32, [context, object, i32, object, i32, i32])
      case .arrayInitData, .arrayInitElement:
        types.function(i32, [context, object, i32, i32, i32, i32])
      case .memoryNotify: types.function(i32, [context, i32, i64, i32])
      case .memoryWait32: types.function(i32, [context, i32, i64, i32, i64])
      case .memoryWait64: types.function(i32, [context, i32, i64, i64, i64])
      case .awaitCode, .loopIsHot: types.function(types.pointer, [context, i32, types.pointer])
      case .throw, .resume: types.function(types.void, [context, object])
      }
    builtinTypes[builtin.rawValue] = prototype
    return prototype
  }
}
