// The words of the text format that are not instructions.

/// A keyword. Those that end in the middle of a structured instruction are here too.
enum Keyword: String, CaseIterable {
  // Modules and their fields.
  case module, binary, quote, component
  case type, rec, sub, final
  case `import`, export, start
  case `func`, table, memory, global, tag, elem, data
  case param, result, local, mut, field, `struct`, array
  case offset, item, declare, shared, pagesize
  case before, after, first, last, code, datacount

  // Types.
  case i32, i64, f32, f64, v128, i8, i16
  case ref, null
  case any, eq, i31, none, nofunc, extern, noextern, exn, noexn
  case anyref, eqref, i31ref, structref, arrayref, nullref, funcref, nullfuncref
  case externref, nullexternref, exnref, nullexnref

  // Parts of instructions.
  case then, `else`, end
  case `do`, delegate
  case `catch`
  case catchRef = "catch_ref"
  case catchAll = "catch_all"
  case catchAllRef = "catch_all_ref"
  case i8x16, i16x8, i32x4, i64x2, f32x4, f64x2
}
