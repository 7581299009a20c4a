// The instructions: their names in the order of their opcodes, and what follows the name.

/// What an instruction's name is followed by. Spec: core 3.0 §6.5.
enum Immediates: UInt8 {
  case none
  // Structured instructions.
  case block, ifElse, tryTable, legacyTry
  // Indices; those of tables and memories may be left out.
  case label, labels, function, type, local, global, table, memory, tag, element, data
  case twoTables, twoMemories, tableElement, memoryData
  case tableType
  case typeField, twoTypes, typeCount, typeData, typeElement
  // Types.
  case select, heapType, castType, castBranch
  // Constants.
  case i32, i64, f32, f64, v128, lane, shuffle
  // Memory accesses.
  case access, accessLane
  /// A zero byte in the binary format, nothing in the text.
  case fence
}

/// Instructions with neighbouring opcodes and the same kind of immediates.
struct InstructionRow {
  /// The byte before the opcode; 0 for none.
  var prefix: UInt8
  /// Of the first name.
  var opcode: UInt16
  var immediates: Immediates
  /// Between spaces. `.name` has the part before the dot from the name before it, `/n` says that
  /// 2^n bytes of memory are touched, and `-` stands for an opcode that is none.
  var names: String

  init(prefix: UInt8 = 0, _ opcode: UInt16, _ immediates: Immediates, _ names: String) {
    self.prefix = prefix
    self.opcode = opcode
    self.immediates = immediates
    self.names = names
  }

  /// Instructions without immediates.
  init(prefix: UInt8 = 0, _ opcode: UInt16, _ names: String) {
    self.init(prefix: prefix, opcode, .none, names)
  }

  func forEach(_ body: (String, InstructionEntry) -> Void) {
    var stem: Substring = ""
    var opcode = opcode
    for word in names.split(separator: " ") {
      defer { opcode += 1 }
      if word == "-" { continue }
      let parts = word.split(separator: "/")
      var name = parts[0]
      if name.hasPrefix(".") {
        name = stem + name
      } else {
        stem = name.prefix { $0 != "." }
      }
      let alignment = parts.count > 1 ? UInt8(parts[1]) ?? 0 : 0
      body(
        String(name),
        InstructionEntry(
          prefix: prefix, opcode: opcode, immediates: immediates, naturalAlignment: alignment))
    }
  }

  static let all = control + variables + memory + numeric + aggregates + bulk + vector + atomic

  private static let control: [InstructionRow] = [
    InstructionRow(0x00, "unreachable nop"),
    InstructionRow(0x02, .block, "block loop"),
    InstructionRow(0x04, .ifElse, "if"),
    InstructionRow(0x06, .legacyTry, "try"),
    InstructionRow(0x08, .tag, "throw"),
    InstructionRow(0x09, .label, "rethrow"),
    InstructionRow(0x0A, "throw_ref"),
    InstructionRow(0x0C, .label, "br br_if"),
    InstructionRow(0x0E, .labels, "br_table"),
    InstructionRow(0x0F, "return"),
    InstructionRow(0x10, .function, "call"),
    InstructionRow(0x11, .tableType, "call_indirect"),
    InstructionRow(0x12, .function, "return_call"),
    InstructionRow(0x13, .tableType, "return_call_indirect"),
    InstructionRow(0x14, .type, "call_ref return_call_ref"),
    InstructionRow(0x1A, "drop"),
    InstructionRow(0x1B, .select, "select"),
    InstructionRow(0x1F, .tryTable, "try_table"),
  ]

  private static let variables: [InstructionRow] = [
    InstructionRow(0x20, .local, "local.get .set .tee"),
    InstructionRow(0x23, .global, "global.get .set"),
    InstructionRow(0x25, .table, "table.get .set"),
  ]

  private static let memory: [InstructionRow] = [
    InstructionRow(
      0x28, .access,
      """
      i32.load/2 i64.load/3 f32.load/2 f64.load/3 i32.load8_s/0 .load8_u/0 .load16_s/1 .load16_u/1 \
      i64.load8_s/0 .load8_u/0 .load16_s/1 .load16_u/1 .load32_s/2 .load32_u/2 \
      i32.store/2 i64.store/3 f32.store/2 f64.store/3 i32.store8/0 .store16/1 \
      i64.store8/0 .store16/1 .store32/2
      """),
    InstructionRow(0x3F, .memory, "memory.size .grow"),
  ]

  private static let numeric: [InstructionRow] = [
    InstructionRow(0x41, .i32, "i32.const"),
    InstructionRow(0x42, .i64, "i64.const"),
    InstructionRow(0x43, .f32, "f32.const"),
    InstructionRow(0x44, .f64, "f64.const"),
    InstructionRow(
      0x45,
      """
      i32.eqz .eq .ne .lt_s .lt_u .gt_s .gt_u .le_s .le_u .ge_s .ge_u \
      i64.eqz .eq .ne .lt_s .lt_u .gt_s .gt_u .le_s .le_u .ge_s .ge_u \
      f32.eq .ne .lt .gt .le .ge f64.eq .ne .lt .gt .le .ge
      """),
    InstructionRow(
      0x67,
      """
      i32.clz .ctz .popcnt .add .sub .mul .div_s .div_u .rem_s .rem_u .and .or .xor .shl .shr_s \
      .shr_u .rotl .rotr \
      i64.clz .ctz .popcnt .add .sub .mul .div_s .div_u .rem_s .rem_u .and .or .xor .shl .shr_s \
      .shr_u .rotl .rotr
      """),
    InstructionRow(
      0x8B,
      """
      f32.abs .neg .ceil .floor .trunc .nearest .sqrt .add .sub .mul .div .min .max .copysign \
      f64.abs .neg .ceil .floor .trunc .nearest .sqrt .add .sub .mul .div .min .max .copysign
      """),
    InstructionRow(
      0xA7,
      """
      i32.wrap_i64 .trunc_f32_s .trunc_f32_u .trunc_f64_s .trunc_f64_u \
      i64.extend_i32_s .extend_i32_u .trunc_f32_s .trunc_f32_u .trunc_f64_s .trunc_f64_u \
      f32.convert_i32_s .convert_i32_u .convert_i64_s .convert_i64_u .demote_f64 \
      f64.convert_i32_s .convert_i32_u .convert_i64_s .convert_i64_u .promote_f32 \
      i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64 \
      i32.extend8_s .extend16_s i64.extend8_s .extend16_s .extend32_s
      """),
  ]

  private static let aggregates: [InstructionRow] = [
    InstructionRow(0xD0, .heapType, "ref.null"),
    InstructionRow(0xD1, "ref.is_null"),
    InstructionRow(0xD2, .function, "ref.func"),
    InstructionRow(0xD3, "ref.eq .as_non_null"),
    InstructionRow(0xD5, .label, "br_on_null br_on_non_null"),
    InstructionRow(prefix: 0xFB, 0, .type, "struct.new .new_default"),
    InstructionRow(prefix: 0xFB, 2, .typeField, "struct.get .get_s .get_u .set"),
    InstructionRow(prefix: 0xFB, 6, .type, "array.new .new_default"),
    InstructionRow(prefix: 0xFB, 8, .typeCount, "array.new_fixed"),
    InstructionRow(prefix: 0xFB, 9, .typeData, "array.new_data"),
    InstructionRow(prefix: 0xFB, 10, .typeElement, "array.new_elem"),
    InstructionRow(prefix: 0xFB, 11, .type, "array.get .get_s .get_u .set"),
    InstructionRow(prefix: 0xFB, 15, "array.len"),
    InstructionRow(prefix: 0xFB, 16, .type, "array.fill"),
    InstructionRow(prefix: 0xFB, 17, .twoTypes, "array.copy"),
    InstructionRow(prefix: 0xFB, 18, .typeData, "array.init_data"),
    InstructionRow(prefix: 0xFB, 19, .typeElement, "array.init_elem"),
    // The next opcode is for a type with null.
    InstructionRow(prefix: 0xFB, 20, .castType, "ref.test - .cast"),
    InstructionRow(prefix: 0xFB, 24, .castBranch, "br_on_cast br_on_cast_fail"),
    InstructionRow(
      prefix: 0xFB, 26, "any.convert_extern extern.convert_any ref.i31 i31.get_s .get_u"),
  ]

  private static let bulk: [InstructionRow] = [
    InstructionRow(
      prefix: 0xFC, 0,
      """
      i32.trunc_sat_f32_s .trunc_sat_f32_u .trunc_sat_f64_s .trunc_sat_f64_u \
      i64.trunc_sat_f32_s .trunc_sat_f32_u .trunc_sat_f64_s .trunc_sat_f64_u
      """),
    InstructionRow(prefix: 0xFC, 8, .memoryData, "memory.init"),
    InstructionRow(prefix: 0xFC, 9, .data, "data.drop"),
    InstructionRow(prefix: 0xFC, 10, .twoMemories, "memory.copy"),
    InstructionRow(prefix: 0xFC, 11, .memory, "memory.fill"),
    InstructionRow(prefix: 0xFC, 12, .tableElement, "table.init"),
    InstructionRow(prefix: 0xFC, 13, .element, "elem.drop"),
    InstructionRow(prefix: 0xFC, 14, .twoTables, "table.copy"),
    InstructionRow(prefix: 0xFC, 15, .table, "table.grow .size .fill"),
    InstructionRow(prefix: 0xFC, 19, "i64.add128 .sub128 .mul_wide_s .mul_wide_u"),
  ]
}
