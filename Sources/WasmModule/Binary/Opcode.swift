// The instructions of WebAssembly, as one number each.
//
// The raw value is the prefix class in the high nibble (0: none, 1: 0xFC, 2: 0xFD, 3: 0xFE,
// 4: 0xFB) and the opcode behind it in the low 12 bits, so that a decoder forms it without a table.

/// An instruction's opcode. Spec: core 3.0 §5.4.
package enum Opcode: UInt16, Sendable, CaseIterable {
  // MARK: No prefix.
  case unreachable = 0x0000
  case nop = 0x0001
  case block = 0x0002
  case loop = 0x0003
  case `if` = 0x0004
  case `else` = 0x0005
  case `try` = 0x0006
  case `catch` = 0x0007
  case `throw` = 0x0008
  case rethrow = 0x0009
  case throwRef = 0x000A
  case end = 0x000B
  case br = 0x000C
  case brIf = 0x000D
  case brTable = 0x000E
  case `return` = 0x000F
  case call = 0x0010
  case callIndirect = 0x0011
  case returnCall = 0x0012
  case returnCallIndirect = 0x0013
  case callRef = 0x0014
  case returnCallRef = 0x0015
  case delegate = 0x0018
  case catchAll = 0x0019
  case drop = 0x001A
  case select = 0x001B
  case selectT = 0x001C
  case tryTable = 0x001F
  case localGet = 0x0020
  case localSet = 0x0021
  case localTee = 0x0022
  case globalGet = 0x0023
  case globalSet = 0x0024
  case tableGet = 0x0025
  case tableSet = 0x0026
  case i32Load = 0x0028
  case i64Load = 0x0029
  case f32Load = 0x002A
  case f64Load = 0x002B
  case i32Load8S = 0x002C
  case i32Load8U = 0x002D
  case i32Load16S = 0x002E
  case i32Load16U = 0x002F
  case i64Load8S = 0x0030
  case i64Load8U = 0x0031
  case i64Load16S = 0x0032
  case i64Load16U = 0x0033
  case i64Load32S = 0x0034
  case i64Load32U = 0x0035
  case i32Store = 0x0036
  case i64Store = 0x0037
  case f32Store = 0x0038
  case f64Store = 0x0039
  case i32Store8 = 0x003A
  case i32Store16 = 0x003B
  case i64Store8 = 0x003C
  case i64Store16 = 0x003D
  case i64Store32 = 0x003E
  case memorySize = 0x003F
  case memoryGrow = 0x0040
  case i32Const = 0x0041
  case i64Const = 0x0042
  case f32Const = 0x0043
  case f64Const = 0x0044
  case i32Eqz = 0x0045
  case i32Eq = 0x0046
  case i32Ne = 0x0047
  case i32LtS = 0x0048
  case i32LtU = 0x0049
  case i32GtS = 0x004A
  case i32GtU = 0x004B
  case i32LeS = 0x004C
  case i32LeU = 0x004D
  case i32GeS = 0x004E
  case i32GeU = 0x004F
  case i64Eqz = 0x0050
  case i64Eq = 0x0051
  case i64Ne = 0x0052
  case i64LtS = 0x0053
  case i64LtU = 0x0054
  case i64GtS = 0x0055
  case i64GtU = 0x0056
  case i64LeS = 0x0057
  case i64LeU = 0x0058
  case i64GeS = 0x0059
  case i64GeU = 0x005A
  case f32Eq = 0x005B
  case f32Ne = 0x005C
  case f32Lt = 0x005D
  case f32Gt = 0x005E
  case f32Le = 0x005F
  case f32Ge = 0x0060
  case f64Eq = 0x0061
  case f64Ne = 0x0062
  case f64Lt = 0x0063
  case f64Gt = 0x0064
  case f64Le = 0x0065
  case f64Ge = 0x0066
  case i32Clz = 0x0067
  case i32Ctz = 0x0068
  case i32Popcnt = 0x0069
  case i32Add = 0x006A
  case i32Sub = 0x006B
  case i32Mul = 0x006C
  case i32DivS = 0x006D
  case i32DivU = 0x006E
  case i32RemS = 0x006F
  case i32RemU = 0x0070
  case i32And = 0x0071
  case i32Or = 0x0072
  case i32Xor = 0x0073
  case i32Shl = 0x0074
  case i32ShrS = 0x0075
  case i32ShrU = 0x0076
  case i32Rotl = 0x0077
  case i32Rotr = 0x0078
  case i64Clz = 0x0079
  case i64Ctz = 0x007A
  case i64Popcnt = 0x007B
  case i64Add = 0x007C
  case i64Sub = 0x007D
  case i64Mul = 0x007E
  case i64DivS = 0x007F
  case i64DivU = 0x0080
  case i64RemS = 0x0081
  case i64RemU = 0x0082
  case i64And = 0x0083
  case i64Or = 0x0084
  case i64Xor = 0x0085
  case i64Shl = 0x0086
  case i64ShrS = 0x0087
  case i64ShrU = 0x0088
  case i64Rotl = 0x0089
  case i64Rotr = 0x008A
  case f32Abs = 0x008B
  case f32Neg = 0x008C
  case f32Ceil = 0x008D
  case f32Floor = 0x008E
  case f32Trunc = 0x008F
  case f32Nearest = 0x0090
  case f32Sqrt = 0x0091
  case f32Add = 0x0092
  case f32Sub = 0x0093
  case f32Mul = 0x0094
  case f32Div = 0x0095
  case f32Min = 0x0096
  case f32Max = 0x0097
  case f32Copysign = 0x0098
  case f64Abs = 0x0099
  case f64Neg = 0x009A
  case f64Ceil = 0x009B
  case f64Floor = 0x009C
  case f64Trunc = 0x009D
  case f64Nearest = 0x009E
  case f64Sqrt = 0x009F
  case f64Add = 0x00A0
  case f64Sub = 0x00A1
  case f64Mul = 0x00A2
  case f64Div = 0x00A3
  case f64Min = 0x00A4
  case f64Max = 0x00A5
  case f64Copysign = 0x00A6
  case i32WrapI64 = 0x00A7
  case i32TruncF32S = 0x00A8
  case i32TruncF32U = 0x00A9
  case i32TruncF64S = 0x00AA
  case i32TruncF64U = 0x00AB
  case i64ExtendI32S = 0x00AC
  case i64ExtendI32U = 0x00AD
  case i64TruncF32S = 0x00AE
  case i64TruncF32U = 0x00AF
  case i64TruncF64S = 0x00B0
  case i64TruncF64U = 0x00B1
  case f32ConvertI32S = 0x00B2
  case f32ConvertI32U = 0x00B3
  case f32ConvertI64S = 0x00B4
  case f32ConvertI64U = 0x00B5
  case f32DemoteF64 = 0x00B6
  case f64ConvertI32S = 0x00B7
  case f64ConvertI32U = 0x00B8
  case f64ConvertI64S = 0x00B9
  case f64ConvertI64U = 0x00BA
  case f64PromoteF32 = 0x00BB
  case i32ReinterpretF32 = 0x00BC
  case i64ReinterpretF64 = 0x00BD
  case f32ReinterpretI32 = 0x00BE
  case f64ReinterpretI64 = 0x00BF
  case i32Extend8S = 0x00C0
  case i32Extend16S = 0x00C1
  case i64Extend8S = 0x00C2
  case i64Extend16S = 0x00C3
  case i64Extend32S = 0x00C4
  case refNull = 0x00D0
  case refIsNull = 0x00D1
  case refFunc = 0x00D2
  case refEq = 0x00D3
  case refAsNonNull = 0x00D4
  case brOnNull = 0x00D5
  case brOnNonNull = 0x00D6

  // MARK: Prefix 0xFC: saturating conversions, bulk memory, tables.
  case i32TruncSatF32S = 0x1000
  case i32TruncSatF32U = 0x1001
  case i32TruncSatF64S = 0x1002
  case i32TruncSatF64U = 0x1003
  case i64TruncSatF32S = 0x1004
  case i64TruncSatF32U = 0x1005
  case i64TruncSatF64S = 0x1006
  case i64TruncSatF64U = 0x1007
  case memoryInit = 0x1008
  case dataDrop = 0x1009
  case memoryCopy = 0x100A
  case memoryFill = 0x100B
  case tableInit = 0x100C
  case elemDrop = 0x100D
  case tableCopy = 0x100E
  case tableGrow = 0x100F
  case tableSize = 0x1010
  case tableFill = 0x1011
  case i64Add128 = 0x1013
  case i64Sub128 = 0x1014
  case i64MulWideS = 0x1015
  case i64MulWideU = 0x1016

  // MARK: Prefix 0xFD: vectors.
  case v128Load = 0x2000
  case v128Load8x8S = 0x2001
  case v128Load8x8U = 0x2002
  case v128Load16x4S = 0x2003
  case v128Load16x4U = 0x2004
  case v128Load32x2S = 0x2005
  case v128Load32x2U = 0x2006
  case v128Load8Splat = 0x2007
  case v128Load16Splat = 0x2008
  case v128Load32Splat = 0x2009
  case v128Load64Splat = 0x200A
  case v128Store = 0x200B
  case v128Const = 0x200C
  case i8x16Shuffle = 0x200D
  case i8x16Swizzle = 0x200E
  case i8x16Splat = 0x200F
  case i16x8Splat = 0x2010
  case i32x4Splat = 0x2011
  case i64x2Splat = 0x2012
  case f32x4Splat = 0x2013
  case f64x2Splat = 0x2014
  case i8x16ExtractLaneS = 0x2015
  case i8x16ExtractLaneU = 0x2016
  case i8x16ReplaceLane = 0x2017
  case i16x8ExtractLaneS = 0x2018
  case i16x8ExtractLaneU = 0x2019
  case i16x8ReplaceLane = 0x201A
  case i32x4ExtractLane = 0x201B
  case i32x4ReplaceLane = 0x201C
  case i64x2ExtractLane = 0x201D
  case i64x2ReplaceLane = 0x201E
  case f32x4ExtractLane = 0x201F
  case f32x4ReplaceLane = 0x2020
  case f64x2ExtractLane = 0x2021
  case f64x2ReplaceLane = 0x2022
  case i8x16Eq = 0x2023
  case i8x16Ne = 0x2024
  case i8x16LtS = 0x2025
  case i8x16LtU = 0x2026
  case i8x16GtS = 0x2027
  case i8x16GtU = 0x2028
  case i8x16LeS = 0x2029
  case i8x16LeU = 0x202A
  case i8x16GeS = 0x202B
  case i8x16GeU = 0x202C
  case i16x8Eq = 0x202D
  case i16x8Ne = 0x202E
  case i16x8LtS = 0x202F
  case i16x8LtU = 0x2030
  case i16x8GtS = 0x2031
  case i16x8GtU = 0x2032
  case i16x8LeS = 0x2033
  case i16x8LeU = 0x2034
  case i16x8GeS = 0x2035
  case i16x8GeU = 0x2036
  case i32x4Eq = 0x2037
  case i32x4Ne = 0x2038
  case i32x4LtS = 0x2039
  case i32x4LtU = 0x203A
  case i32x4GtS = 0x203B
  case i32x4GtU = 0x203C
  case i32x4LeS = 0x203D
  case i32x4LeU = 0x203E
  case i32x4GeS = 0x203F
  case i32x4GeU = 0x2040
  case f32x4Eq = 0x2041
  case f32x4Ne = 0x2042
  case f32x4Lt = 0x2043
  case f32x4Gt = 0x2044
  case f32x4Le = 0x2045
  case f32x4Ge = 0x2046
  case f64x2Eq = 0x2047
  case f64x2Ne = 0x2048
  case f64x2Lt = 0x2049
  case f64x2Gt = 0x204A
  case f64x2Le = 0x204B
  case f64x2Ge = 0x204C
  case v128Not = 0x204D
  case v128And = 0x204E
  case v128Andnot = 0x204F
  case v128Or = 0x2050
  case v128Xor = 0x2051
  case v128Bitselect = 0x2052
  case v128AnyTrue = 0x2053
  case v128Load8Lane = 0x2054
  case v128Load16Lane = 0x2055
  case v128Load32Lane = 0x2056
  case v128Load64Lane = 0x2057
  case v128Store8Lane = 0x2058
  case v128Store16Lane = 0x2059
  case v128Store32Lane = 0x205A
  case v128Store64Lane = 0x205B
  case v128Load32Zero = 0x205C
  case v128Load64Zero = 0x205D
  case f32x4DemoteF64x2Zero = 0x205E
  case f64x2PromoteLowF32x4 = 0x205F
  case i8x16Abs = 0x2060
  case i8x16Neg = 0x2061
  case i8x16Popcnt = 0x2062
  case i8x16AllTrue = 0x2063
  case i8x16Bitmask = 0x2064
  case i8x16NarrowI16x8S = 0x2065
  case i8x16NarrowI16x8U = 0x2066
  case f32x4Ceil = 0x2067
  case f32x4Floor = 0x2068
  case f32x4Trunc = 0x2069
  case f32x4Nearest = 0x206A
  case i8x16Shl = 0x206B
  case i8x16ShrS = 0x206C
  case i8x16ShrU = 0x206D
  case i8x16Add = 0x206E
  case i8x16AddSatS = 0x206F
  case i8x16AddSatU = 0x2070
  case i8x16Sub = 0x2071
  case i8x16SubSatS = 0x2072
  case i8x16SubSatU = 0x2073
  case f64x2Ceil = 0x2074
  case f64x2Floor = 0x2075
  case i8x16MinS = 0x2076
  case i8x16MinU = 0x2077
  case i8x16MaxS = 0x2078
  case i8x16MaxU = 0x2079
  case f64x2Trunc = 0x207A
  case i8x16AvgrU = 0x207B
  case i16x8ExtaddPairwiseI8x16S = 0x207C
  case i16x8ExtaddPairwiseI8x16U = 0x207D
  case i32x4ExtaddPairwiseI16x8S = 0x207E
  case i32x4ExtaddPairwiseI16x8U = 0x207F
  case i16x8Abs = 0x2080
  case i16x8Neg = 0x2081
  case i16x8Q15mulrSatS = 0x2082
  case i16x8AllTrue = 0x2083
  case i16x8Bitmask = 0x2084
  case i16x8NarrowI32x4S = 0x2085
  case i16x8NarrowI32x4U = 0x2086
  case i16x8ExtendLowI8x16S = 0x2087
  case i16x8ExtendHighI8x16S = 0x2088
  case i16x8ExtendLowI8x16U = 0x2089
  case i16x8ExtendHighI8x16U = 0x208A
  case i16x8Shl = 0x208B
  case i16x8ShrS = 0x208C
  case i16x8ShrU = 0x208D
  case i16x8Add = 0x208E
  case i16x8AddSatS = 0x208F
  case i16x8AddSatU = 0x2090
  case i16x8Sub = 0x2091
  case i16x8SubSatS = 0x2092
  case i16x8SubSatU = 0x2093
  case f64x2Nearest = 0x2094
  case i16x8Mul = 0x2095
  case i16x8MinS = 0x2096
  case i16x8MinU = 0x2097
  case i16x8MaxS = 0x2098
  case i16x8MaxU = 0x2099
  case i16x8AvgrU = 0x209B
  case i16x8ExtmulLowI8x16S = 0x209C
  case i16x8ExtmulHighI8x16S = 0x209D
  case i16x8ExtmulLowI8x16U = 0x209E
  case i16x8ExtmulHighI8x16U = 0x209F
  case i32x4Abs = 0x20A0
  case i32x4Neg = 0x20A1
  case i32x4AllTrue = 0x20A3
  case i32x4Bitmask = 0x20A4
  case i32x4ExtendLowI16x8S = 0x20A7
  case i32x4ExtendHighI16x8S = 0x20A8
  case i32x4ExtendLowI16x8U = 0x20A9
  case i32x4ExtendHighI16x8U = 0x20AA
  case i32x4Shl = 0x20AB
  case i32x4ShrS = 0x20AC
  case i32x4ShrU = 0x20AD
  case i32x4Add = 0x20AE
  case i32x4Sub = 0x20B1
  case i32x4Mul = 0x20B5
  case i32x4MinS = 0x20B6
  case i32x4MinU = 0x20B7
  case i32x4MaxS = 0x20B8
  case i32x4MaxU = 0x20B9
  case i32x4DotI16x8S = 0x20BA
  case i32x4ExtmulLowI16x8S = 0x20BC
  case i32x4ExtmulHighI16x8S = 0x20BD
  case i32x4ExtmulLowI16x8U = 0x20BE
  case i32x4ExtmulHighI16x8U = 0x20BF
  case i64x2Abs = 0x20C0
  case i64x2Neg = 0x20C1
  case i64x2AllTrue = 0x20C3
  case i64x2Bitmask = 0x20C4
  case i64x2ExtendLowI32x4S = 0x20C7
  case i64x2ExtendHighI32x4S = 0x20C8
  case i64x2ExtendLowI32x4U = 0x20C9
  case i64x2ExtendHighI32x4U = 0x20CA
  case i64x2Shl = 0x20CB
  case i64x2ShrS = 0x20CC
  case i64x2ShrU = 0x20CD
  case i64x2Add = 0x20CE
  case i64x2Sub = 0x20D1
  case i64x2Mul = 0x20D5
  case i64x2Eq = 0x20D6
  case i64x2Ne = 0x20D7
  case i64x2LtS = 0x20D8
  case i64x2GtS = 0x20D9
  case i64x2LeS = 0x20DA
  case i64x2GeS = 0x20DB
  case i64x2ExtmulLowI32x4S = 0x20DC
  case i64x2ExtmulHighI32x4S = 0x20DD
  case i64x2ExtmulLowI32x4U = 0x20DE
  case i64x2ExtmulHighI32x4U = 0x20DF
  case f32x4Abs = 0x20E0
  case f32x4Neg = 0x20E1
  case f32x4Sqrt = 0x20E3
  case f32x4Add = 0x20E4
  case f32x4Sub = 0x20E5
  case f32x4Mul = 0x20E6
  case f32x4Div = 0x20E7
  case f32x4Min = 0x20E8
  case f32x4Max = 0x20E9
  case f32x4Pmin = 0x20EA
  case f32x4Pmax = 0x20EB
  case f64x2Abs = 0x20EC
  case f64x2Neg = 0x20ED
  case f64x2Sqrt = 0x20EF
  case f64x2Add = 0x20F0
  case f64x2Sub = 0x20F1
  case f64x2Mul = 0x20F2
  case f64x2Div = 0x20F3
  case f64x2Min = 0x20F4
  case f64x2Max = 0x20F5
  case f64x2Pmin = 0x20F6
  case f64x2Pmax = 0x20F7
  case i32x4TruncSatF32x4S = 0x20F8
  case i32x4TruncSatF32x4U = 0x20F9
  case f32x4ConvertI32x4S = 0x20FA
  case f32x4ConvertI32x4U = 0x20FB
  case i32x4TruncSatF64x2SZero = 0x20FC
  case i32x4TruncSatF64x2UZero = 0x20FD
  case f64x2ConvertLowI32x4S = 0x20FE
  case f64x2ConvertLowI32x4U = 0x20FF
  case i8x16RelaxedSwizzle = 0x2100
  case i32x4RelaxedTruncF32x4S = 0x2101
  case i32x4RelaxedTruncF32x4U = 0x2102
  case i32x4RelaxedTruncF64x2SZero = 0x2103
  case i32x4RelaxedTruncF64x2UZero = 0x2104
  case f32x4RelaxedMadd = 0x2105
  case f32x4RelaxedNmadd = 0x2106
  case f64x2RelaxedMadd = 0x2107
  case f64x2RelaxedNmadd = 0x2108
  case i8x16RelaxedLaneselect = 0x2109
  case i16x8RelaxedLaneselect = 0x210A
  case i32x4RelaxedLaneselect = 0x210B
  case i64x2RelaxedLaneselect = 0x210C
  case f32x4RelaxedMin = 0x210D
  case f32x4RelaxedMax = 0x210E
  case f64x2RelaxedMin = 0x210F
  case f64x2RelaxedMax = 0x2110
  case i16x8RelaxedQ15mulrS = 0x2111
  case i16x8RelaxedDotI8x16I7x16S = 0x2112
  case i32x4RelaxedDotI8x16I7x16AddS = 0x2113

  // MARK: Prefix 0xFE: atomics.
  case memoryAtomicNotify = 0x3000
  case memoryAtomicWait32 = 0x3001
  case memoryAtomicWait64 = 0x3002
  case atomicFence = 0x3003
  case i32AtomicLoad = 0x3010
  case i64AtomicLoad = 0x3011
  case i32AtomicLoad8U = 0x3012
  case i32AtomicLoad16U = 0x3013
  case i64AtomicLoad8U = 0x3014
  case i64AtomicLoad16U = 0x3015
  case i64AtomicLoad32U = 0x3016
  case i32AtomicStore = 0x3017
  case i64AtomicStore = 0x3018
  case i32AtomicStore8 = 0x3019
  case i32AtomicStore16 = 0x301A
  case i64AtomicStore8 = 0x301B
  case i64AtomicStore16 = 0x301C
  case i64AtomicStore32 = 0x301D
  case i32AtomicRmwAdd = 0x301E
  case i64AtomicRmwAdd = 0x301F
  case i32AtomicRmw8AddU = 0x3020
  case i32AtomicRmw16AddU = 0x3021
  case i64AtomicRmw8AddU = 0x3022
  case i64AtomicRmw16AddU = 0x3023
  case i64AtomicRmw32AddU = 0x3024
  case i32AtomicRmwSub = 0x3025
  case i64AtomicRmwSub = 0x3026
  case i32AtomicRmw8SubU = 0x3027
  case i32AtomicRmw16SubU = 0x3028
  case i64AtomicRmw8SubU = 0x3029
  case i64AtomicRmw16SubU = 0x302A
  case i64AtomicRmw32SubU = 0x302B
  case i32AtomicRmwAnd = 0x302C
  case i64AtomicRmwAnd = 0x302D
  case i32AtomicRmw8AndU = 0x302E
  case i32AtomicRmw16AndU = 0x302F
  case i64AtomicRmw8AndU = 0x3030
  case i64AtomicRmw16AndU = 0x3031
  case i64AtomicRmw32AndU = 0x3032
  case i32AtomicRmwOr = 0x3033
  case i64AtomicRmwOr = 0x3034
  case i32AtomicRmw8OrU = 0x3035
  case i32AtomicRmw16OrU = 0x3036
  case i64AtomicRmw8OrU = 0x3037
  case i64AtomicRmw16OrU = 0x3038
  case i64AtomicRmw32OrU = 0x3039
  case i32AtomicRmwXor = 0x303A
  case i64AtomicRmwXor = 0x303B
  case i32AtomicRmw8XorU = 0x303C
  case i32AtomicRmw16XorU = 0x303D
  case i64AtomicRmw8XorU = 0x303E
  case i64AtomicRmw16XorU = 0x303F
  case i64AtomicRmw32XorU = 0x3040
  case i32AtomicRmwXchg = 0x3041
  case i64AtomicRmwXchg = 0x3042
  case i32AtomicRmw8XchgU = 0x3043
  case i32AtomicRmw16XchgU = 0x3044
  case i64AtomicRmw8XchgU = 0x3045
  case i64AtomicRmw16XchgU = 0x3046
  case i64AtomicRmw32XchgU = 0x3047
  case i32AtomicRmwCmpxchg = 0x3048
  case i64AtomicRmwCmpxchg = 0x3049
  case i32AtomicRmw8CmpxchgU = 0x304A
  case i32AtomicRmw16CmpxchgU = 0x304B
  case i64AtomicRmw8CmpxchgU = 0x304C
  case i64AtomicRmw16CmpxchgU = 0x304D
  case i64AtomicRmw32CmpxchgU = 0x304E

  // MARK: Prefix 0xFB: structures, arrays, i31, casts.
  case structNew = 0x4000
  case structNewDefault = 0x4001
  case structGet = 0x4002
  case structGetS = 0x4003
  case structGetU = 0x4004
  case structSet = 0x4005
  case arrayNew = 0x4006
  case arrayNewDefault = 0x4007
  case arrayNewFixed = 0x4008
  case arrayNewData = 0x4009
  case arrayNewElem = 0x400A
  case arrayGet = 0x400B
  case arrayGetS = 0x400C
  case arrayGetU = 0x400D
  case arraySet = 0x400E
  case arrayLen = 0x400F
  case arrayFill = 0x4010
  case arrayCopy = 0x4011
  case arrayInitData = 0x4012
  case arrayInitElem = 0x4013
  case refTest = 0x4014
  case refTestNull = 0x4015
  case refCast = 0x4016
  case refCastNull = 0x4017
  case brOnCast = 0x4018
  case brOnCastFail = 0x4019
  case anyConvertExtern = 0x401A
  case externConvertAny = 0x401B
  case refI31 = 0x401C
  case i31GetS = 0x401D
  case i31GetU = 0x401E
}

extension Opcode {
  /// The instruction's name in the text format, as error messages give it. Spec: core 3.0 §6.5.
  package var textName: String {
    switch self {
    case .unreachable: "unreachable"
    case .nop: "nop"
    case .block: "block"
    case .loop: "loop"
    case .if: "if"
    case .else: "else"
    case .try: "try"
    case .catch: "catch"
    case .throw: "throw"
    case .rethrow: "rethrow"
    case .throwRef: "throw_ref"
    case .end: "end"
    case .br: "br"
    case .brIf: "br_if"
    case .brTable: "br_table"
    case .return: "return"
    case .call: "call"
    case .callIndirect: "call_indirect"
    case .returnCall: "return_call"
    case .returnCallIndirect: "return_call_indirect"
    case .callRef: "call_ref"
    case .returnCallRef: "return_call_ref"
    case .delegate: "delegate"
    case .catchAll: "catch_all"
    case .drop: "drop"
    case .select: "select"
    case .selectT: "select"
    case .tryTable: "try_table"
    case .localGet: "local.get"
    case .localSet: "local.set"
    case .localTee: "local.tee"
    case .globalGet: "global.get"
    case .globalSet: "global.set"
    case .tableGet: "table.get"
    case .tableSet: "table.set"
    case .i32Load: "i32.load"
    case .i64Load: "i64.load"
    case .f32Load: "f32.load"
    case .f64Load: "f64.load"
    case .i32Load8S: "i32.load8_s"
    case .i32Load8U: "i32.load8_u"
    case .i32Load16S: "i32.load16_s"
    case .i32Load16U: "i32.load16_u"
    case .i64Load8S: "i64.load8_s"
    case .i64Load8U: "i64.load8_u"
    case .i64Load16S: "i64.load16_s"
    case .i64Load16U: "i64.load16_u"
    case .i64Load32S: "i64.load32_s"
    case .i64Load32U: "i64.load32_u"
    case .i32Store: "i32.store"
    case .i64Store: "i64.store"
    case .f32Store: "f32.store"
    case .f64Store: "f64.store"
    case .i32Store8: "i32.store8"
    case .i32Store16: "i32.store16"
    case .i64Store8: "i64.store8"
    case .i64Store16: "i64.store16"
    case .i64Store32: "i64.store32"
    case .memorySize: "memory.size"
    case .memoryGrow: "memory.grow"
    case .i32Const: "i32.const"
    case .i64Const: "i64.const"
    case .f32Const: "f32.const"
    case .f64Const: "f64.const"
    case .i32Eqz: "i32.eqz"
    case .i32Eq: "i32.eq"
    case .i32Ne: "i32.ne"
    case .i32LtS: "i32.lt_s"
    case .i32LtU: "i32.lt_u"
    case .i32GtS: "i32.gt_s"
    case .i32GtU: "i32.gt_u"
    case .i32LeS: "i32.le_s"
    case .i32LeU: "i32.le_u"
    case .i32GeS: "i32.ge_s"
    case .i32GeU: "i32.ge_u"
    case .i64Eqz: "i64.eqz"
    case .i64Eq: "i64.eq"
    case .i64Ne: "i64.ne"
    case .i64LtS: "i64.lt_s"
    case .i64LtU: "i64.lt_u"
    case .i64GtS: "i64.gt_s"
    case .i64GtU: "i64.gt_u"
    case .i64LeS: "i64.le_s"
    case .i64LeU: "i64.le_u"
    case .i64GeS: "i64.ge_s"
    case .i64GeU: "i64.ge_u"
    case .f32Eq: "f32.eq"
    case .f32Ne: "f32.ne"
    case .f32Lt: "f32.lt"
    case .f32Gt: "f32.gt"
    case .f32Le: "f32.le"
    case .f32Ge: "f32.ge"
    case .f64Eq: "f64.eq"
    case .f64Ne: "f64.ne"
    case .f64Lt: "f64.lt"
    case .f64Gt: "f64.gt"
    case .f64Le: "f64.le"
    case .f64Ge: "f64.ge"
    case .i32Clz: "i32.clz"
    case .i32Ctz: "i32.ctz"
    case .i32Popcnt: "i32.popcnt"
    case .i32Add: "i32.add"
    case .i32Sub: "i32.sub"
    case .i32Mul: "i32.mul"
    case .i32DivS: "i32.div_s"
    case .i32DivU: "i32.div_u"
    case .i32RemS: "i32.rem_s"
    case .i32RemU: "i32.rem_u"
    case .i32And: "i32.and"
    case .i32Or: "i32.or"
    case .i32Xor: "i32.xor"
    case .i32Shl: "i32.shl"
    case .i32ShrS: "i32.shr_s"
    case .i32ShrU: "i32.shr_u"
    case .i32Rotl: "i32.rotl"
    case .i32Rotr: "i32.rotr"
    case .i64Clz: "i64.clz"
    case .i64Ctz: "i64.ctz"
    case .i64Popcnt: "i64.popcnt"
    case .i64Add: "i64.add"
    case .i64Sub: "i64.sub"
    case .i64Mul: "i64.mul"
    case .i64DivS: "i64.div_s"
    case .i64DivU: "i64.div_u"
    case .i64RemS: "i64.rem_s"
    case .i64RemU: "i64.rem_u"
    case .i64And: "i64.and"
    case .i64Or: "i64.or"
    case .i64Xor: "i64.xor"
    case .i64Shl: "i64.shl"
    case .i64ShrS: "i64.shr_s"
    case .i64ShrU: "i64.shr_u"
    case .i64Rotl: "i64.rotl"
    case .i64Rotr: "i64.rotr"
    case .f32Abs: "f32.abs"
    case .f32Neg: "f32.neg"
    case .f32Ceil: "f32.ceil"
    case .f32Floor: "f32.floor"
    case .f32Trunc: "f32.trunc"
    case .f32Nearest: "f32.nearest"
    case .f32Sqrt: "f32.sqrt"
    case .f32Add: "f32.add"
    case .f32Sub: "f32.sub"
    case .f32Mul: "f32.mul"
    case .f32Div: "f32.div"
    case .f32Min: "f32.min"
    case .f32Max: "f32.max"
    case .f32Copysign: "f32.copysign"
    case .f64Abs: "f64.abs"
    case .f64Neg: "f64.neg"
    case .f64Ceil: "f64.ceil"
    case .f64Floor: "f64.floor"
    case .f64Trunc: "f64.trunc"
    case .f64Nearest: "f64.nearest"
    case .f64Sqrt: "f64.sqrt"
    case .f64Add: "f64.add"
    case .f64Sub: "f64.sub"
    case .f64Mul: "f64.mul"
    case .f64Div: "f64.div"
    case .f64Min: "f64.min"
    case .f64Max: "f64.max"
    case .f64Copysign: "f64.copysign"
    case .i32WrapI64: "i32.wrap_i64"
    case .i32TruncF32S: "i32.trunc_f32_s"
    case .i32TruncF32U: "i32.trunc_f32_u"
    case .i32TruncF64S: "i32.trunc_f64_s"
    case .i32TruncF64U: "i32.trunc_f64_u"
    case .i64ExtendI32S: "i64.extend_i32_s"
    case .i64ExtendI32U: "i64.extend_i32_u"
    case .i64TruncF32S: "i64.trunc_f32_s"
    case .i64TruncF32U: "i64.trunc_f32_u"
    case .i64TruncF64S: "i64.trunc_f64_s"
    case .i64TruncF64U: "i64.trunc_f64_u"
    case .f32ConvertI32S: "f32.convert_i32_s"
    case .f32ConvertI32U: "f32.convert_i32_u"
    case .f32ConvertI64S: "f32.convert_i64_s"
    case .f32ConvertI64U: "f32.convert_i64_u"
    case .f32DemoteF64: "f32.demote_f64"
    case .f64ConvertI32S: "f64.convert_i32_s"
    case .f64ConvertI32U: "f64.convert_i32_u"
    case .f64ConvertI64S: "f64.convert_i64_s"
    case .f64ConvertI64U: "f64.convert_i64_u"
    case .f64PromoteF32: "f64.promote_f32"
    case .i32ReinterpretF32: "i32.reinterpret_f32"
    case .i64ReinterpretF64: "i64.reinterpret_f64"
    case .f32ReinterpretI32: "f32.reinterpret_i32"
    case .f64ReinterpretI64: "f64.reinterpret_i64"
    case .i32Extend8S: "i32.extend8_s"
    case .i32Extend16S: "i32.extend16_s"
    case .i64Extend8S: "i64.extend8_s"
    case .i64Extend16S: "i64.extend16_s"
    case .i64Extend32S: "i64.extend32_s"
    case .refNull: "ref.null"
    case .refIsNull: "ref.is_null"
    case .refFunc: "ref.func"
    case .refEq: "ref.eq"
    case .refAsNonNull: "ref.as_non_null"
    case .brOnNull: "br_on_null"
    case .brOnNonNull: "br_on_non_null"
    case .i32TruncSatF32S: "i32.trunc_sat_f32_s"
    case .i32TruncSatF32U: "i32.trunc_sat_f32_u"
    case .i32TruncSatF64S: "i32.trunc_sat_f64_s"
    case .i32TruncSatF64U: "i32.trunc_sat_f64_u"
    case .i64TruncSatF32S: "i64.trunc_sat_f32_s"
    case .i64TruncSatF32U: "i64.trunc_sat_f32_u"
    case .i64TruncSatF64S: "i64.trunc_sat_f64_s"
    case .i64TruncSatF64U: "i64.trunc_sat_f64_u"
    case .memoryInit: "memory.init"
    case .dataDrop: "data.drop"
    case .memoryCopy: "memory.copy"
    case .memoryFill: "memory.fill"
    case .tableInit: "table.init"
    case .elemDrop: "elem.drop"
    case .tableCopy: "table.copy"
    case .tableGrow: "table.grow"
    case .tableSize: "table.size"
    case .tableFill: "table.fill"
    case .i64Add128: "i64.add128"
    case .i64Sub128: "i64.sub128"
    case .i64MulWideS: "i64.mul_wide_s"
    case .i64MulWideU: "i64.mul_wide_u"
    case .v128Load: "v128.load"
    case .v128Load8x8S: "v128.load8x8_s"
    case .v128Load8x8U: "v128.load8x8_u"
    case .v128Load16x4S: "v128.load16x4_s"
    case .v128Load16x4U: "v128.load16x4_u"
    case .v128Load32x2S: "v128.load32x2_s"
    case .v128Load32x2U: "v128.load32x2_u"
    case .v128Load8Splat: "v128.load8_splat"
    case .v128Load16Splat: "v128.load16_splat"
    case .v128Load32Splat: "v128.load32_splat"
    case .v128Load64Splat: "v128.load64_splat"
    case .v128Store: "v128.store"
    case .v128Const: "v128.const"
    case .i8x16Shuffle: "i8x16.shuffle"
    case .i8x16Swizzle: "i8x16.swizzle"
    case .i8x16Splat: "i8x16.splat"
    case .i16x8Splat: "i16x8.splat"
    case .i32x4Splat: "i32x4.splat"
    case .i64x2Splat: "i64x2.splat"
    case .f32x4Splat: "f32x4.splat"
    case .f64x2Splat: "f64x2.splat"
    case .i8x16ExtractLaneS: "i8x16.extract_lane_s"
    case .i8x16ExtractLaneU: "i8x16.extract_lane_u"
    case .i8x16ReplaceLane: "i8x16.replace_lane"
    case .i16x8ExtractLaneS: "i16x8.extract_lane_s"
    case .i16x8ExtractLaneU: "i16x8.extract_lane_u"
    case .i16x8ReplaceLane: "i16x8.replace_lane"
    case .i32x4ExtractLane: "i32x4.extract_lane"
    case .i32x4ReplaceLane: "i32x4.replace_lane"
    case .i64x2ExtractLane: "i64x2.extract_lane"
    case .i64x2ReplaceLane: "i64x2.replace_lane"
    case .f32x4ExtractLane: "f32x4.extract_lane"
    case .f32x4ReplaceLane: "f32x4.replace_lane"
    case .f64x2ExtractLane: "f64x2.extract_lane"
    case .f64x2ReplaceLane: "f64x2.replace_lane"
    case .i8x16Eq: "i8x16.eq"
    case .i8x16Ne: "i8x16.ne"
    case .i8x16LtS: "i8x16.lt_s"
    case .i8x16LtU: "i8x16.lt_u"
    case .i8x16GtS: "i8x16.gt_s"
    case .i8x16GtU: "i8x16.gt_u"
    case .i8x16LeS: "i8x16.le_s"
    case .i8x16LeU: "i8x16.le_u"
    case .i8x16GeS: "i8x16.ge_s"
    case .i8x16GeU: "i8x16.ge_u"
    case .i16x8Eq: "i16x8.eq"
    case .i16x8Ne: "i16x8.ne"
    case .i16x8LtS: "i16x8.lt_s"
    case .i16x8LtU: "i16x8.lt_u"
    case .i16x8GtS: "i16x8.gt_s"
    case .i16x8GtU: "i16x8.gt_u"
    case .i16x8LeS: "i16x8.le_s"
    case .i16x8LeU: "i16x8.le_u"
    case .i16x8GeS: "i16x8.ge_s"
    case .i16x8GeU: "i16x8.ge_u"
    case .i32x4Eq: "i32x4.eq"
    case .i32x4Ne: "i32x4.ne"
    case .i32x4LtS: "i32x4.lt_s"
    case .i32x4LtU: "i32x4.lt_u"
    case .i32x4GtS: "i32x4.gt_s"
    case .i32x4GtU: "i32x4.gt_u"
    case .i32x4LeS: "i32x4.le_s"
    case .i32x4LeU: "i32x4.le_u"
    case .i32x4GeS: "i32x4.ge_s"
    case .i32x4GeU: "i32x4.ge_u"
    case .f32x4Eq: "f32x4.eq"
    case .f32x4Ne: "f32x4.ne"
    case .f32x4Lt: "f32x4.lt"
    case .f32x4Gt: "f32x4.gt"
    case .f32x4Le: "f32x4.le"
    case .f32x4Ge: "f32x4.ge"
    case .f64x2Eq: "f64x2.eq"
    case .f64x2Ne: "f64x2.ne"
    case .f64x2Lt: "f64x2.lt"
    case .f64x2Gt: "f64x2.gt"
    case .f64x2Le: "f64x2.le"
    case .f64x2Ge: "f64x2.ge"
    case .v128Not: "v128.not"
    case .v128And: "v128.and"
    case .v128Andnot: "v128.andnot"
    case .v128Or: "v128.or"
    case .v128Xor: "v128.xor"
    case .v128Bitselect: "v128.bitselect"
    case .v128AnyTrue: "v128.any_true"
    case .v128Load8Lane: "v128.load8_lane"
    case .v128Load16Lane: "v128.load16_lane"
    case .v128Load32Lane: "v128.load32_lane"
    case .v128Load64Lane: "v128.load64_lane"
    case .v128Store8Lane: "v128.store8_lane"
    case .v128Store16Lane: "v128.store16_lane"
    case .v128Store32Lane: "v128.store32_lane"
    case .v128Store64Lane: "v128.store64_lane"
    case .v128Load32Zero: "v128.load32_zero"
    case .v128Load64Zero: "v128.load64_zero"
    case .f32x4DemoteF64x2Zero: "f32x4.demote_f64x2_zero"
    case .f64x2PromoteLowF32x4: "f64x2.promote_low_f32x4"
    case .i8x16Abs: "i8x16.abs"
    case .i8x16Neg: "i8x16.neg"
    case .i8x16Popcnt: "i8x16.popcnt"
    case .i8x16AllTrue: "i8x16.all_true"
    case .i8x16Bitmask: "i8x16.bitmask"
    case .i8x16NarrowI16x8S: "i8x16.narrow_i16x8_s"
    case .i8x16NarrowI16x8U: "i8x16.narrow_i16x8_u"
    case .f32x4Ceil: "f32x4.ceil"
    case .f32x4Floor: "f32x4.floor"
    case .f32x4Trunc: "f32x4.trunc"
    case .f32x4Nearest: "f32x4.nearest"
    case .i8x16Shl: "i8x16.shl"
    case .i8x16ShrS: "i8x16.shr_s"
    case .i8x16ShrU: "i8x16.shr_u"
    case .i8x16Add: "i8x16.add"
    case .i8x16AddSatS: "i8x16.add_sat_s"
    case .i8x16AddSatU: "i8x16.add_sat_u"
    case .i8x16Sub: "i8x16.sub"
    case .i8x16SubSatS: "i8x16.sub_sat_s"
    case .i8x16SubSatU: "i8x16.sub_sat_u"
    case .f64x2Ceil: "f64x2.ceil"
    case .f64x2Floor: "f64x2.floor"
    case .i8x16MinS: "i8x16.min_s"
    case .i8x16MinU: "i8x16.min_u"
    case .i8x16MaxS: "i8x16.max_s"
    case .i8x16MaxU: "i8x16.max_u"
    case .f64x2Trunc: "f64x2.trunc"
    case .i8x16AvgrU: "i8x16.avgr_u"
    case .i16x8ExtaddPairwiseI8x16S: "i16x8.extadd_pairwise_i8x16_s"
    case .i16x8ExtaddPairwiseI8x16U: "i16x8.extadd_pairwise_i8x16_u"
    case .i32x4ExtaddPairwiseI16x8S: "i32x4.extadd_pairwise_i16x8_s"
    case .i32x4ExtaddPairwiseI16x8U: "i32x4.extadd_pairwise_i16x8_u"
    case .i16x8Abs: "i16x8.abs"
    case .i16x8Neg: "i16x8.neg"
    case .i16x8Q15mulrSatS: "i16x8.q15mulr_sat_s"
    case .i16x8AllTrue: "i16x8.all_true"
    case .i16x8Bitmask: "i16x8.bitmask"
    case .i16x8NarrowI32x4S: "i16x8.narrow_i32x4_s"
    case .i16x8NarrowI32x4U: "i16x8.narrow_i32x4_u"
    case .i16x8ExtendLowI8x16S: "i16x8.extend_low_i8x16_s"
    case .i16x8ExtendHighI8x16S: "i16x8.extend_high_i8x16_s"
    case .i16x8ExtendLowI8x16U: "i16x8.extend_low_i8x16_u"
    case .i16x8ExtendHighI8x16U: "i16x8.extend_high_i8x16_u"
    case .i16x8Shl: "i16x8.shl"
    case .i16x8ShrS: "i16x8.shr_s"
    case .i16x8ShrU: "i16x8.shr_u"
    case .i16x8Add: "i16x8.add"
    case .i16x8AddSatS: "i16x8.add_sat_s"
    case .i16x8AddSatU: "i16x8.add_sat_u"
    case .i16x8Sub: "i16x8.sub"
    case .i16x8SubSatS: "i16x8.sub_sat_s"
    case .i16x8SubSatU: "i16x8.sub_sat_u"
    case .f64x2Nearest: "f64x2.nearest"
    case .i16x8Mul: "i16x8.mul"
    case .i16x8MinS: "i16x8.min_s"
    case .i16x8MinU: "i16x8.min_u"
    case .i16x8MaxS: "i16x8.max_s"
    case .i16x8MaxU: "i16x8.max_u"
    case .i16x8AvgrU: "i16x8.avgr_u"
    case .i16x8ExtmulLowI8x16S: "i16x8.extmul_low_i8x16_s"
    case .i16x8ExtmulHighI8x16S: "i16x8.extmul_high_i8x16_s"
    case .i16x8ExtmulLowI8x16U: "i16x8.extmul_low_i8x16_u"
    case .i16x8ExtmulHighI8x16U: "i16x8.extmul_high_i8x16_u"
    case .i32x4Abs: "i32x4.abs"
    case .i32x4Neg: "i32x4.neg"
    case .i32x4AllTrue: "i32x4.all_true"
    case .i32x4Bitmask: "i32x4.bitmask"
    case .i32x4ExtendLowI16x8S: "i32x4.extend_low_i16x8_s"
    case .i32x4ExtendHighI16x8S: "i32x4.extend_high_i16x8_s"
    case .i32x4ExtendLowI16x8U: "i32x4.extend_low_i16x8_u"
    case .i32x4ExtendHighI16x8U: "i32x4.extend_high_i16x8_u"
    case .i32x4Shl: "i32x4.shl"
    case .i32x4ShrS: "i32x4.shr_s"
    case .i32x4ShrU: "i32x4.shr_u"
    case .i32x4Add: "i32x4.add"
    case .i32x4Sub: "i32x4.sub"
    case .i32x4Mul: "i32x4.mul"
    case .i32x4MinS: "i32x4.min_s"
    case .i32x4MinU: "i32x4.min_u"
    case .i32x4MaxS: "i32x4.max_s"
    case .i32x4MaxU: "i32x4.max_u"
    case .i32x4DotI16x8S: "i32x4.dot_i16x8_s"
    case .i32x4ExtmulLowI16x8S: "i32x4.extmul_low_i16x8_s"
    case .i32x4ExtmulHighI16x8S: "i32x4.extmul_high_i16x8_s"
    case .i32x4ExtmulLowI16x8U: "i32x4.extmul_low_i16x8_u"
    case .i32x4ExtmulHighI16x8U: "i32x4.extmul_high_i16x8_u"
    case .i64x2Abs: "i64x2.abs"
    case .i64x2Neg: "i64x2.neg"
    case .i64x2AllTrue: "i64x2.all_true"
    case .i64x2Bitmask: "i64x2.bitmask"
    case .i64x2ExtendLowI32x4S: "i64x2.extend_low_i32x4_s"
    case .i64x2ExtendHighI32x4S: "i64x2.extend_high_i32x4_s"
    case .i64x2ExtendLowI32x4U: "i64x2.extend_low_i32x4_u"
    case .i64x2ExtendHighI32x4U: "i64x2.extend_high_i32x4_u"
    case .i64x2Shl: "i64x2.shl"
    case .i64x2ShrS: "i64x2.shr_s"
    case .i64x2ShrU: "i64x2.shr_u"
    case .i64x2Add: "i64x2.add"
    case .i64x2Sub: "i64x2.sub"
    case .i64x2Mul: "i64x2.mul"
    case .i64x2Eq: "i64x2.eq"
    case .i64x2Ne: "i64x2.ne"
    case .i64x2LtS: "i64x2.lt_s"
    case .i64x2GtS: "i64x2.gt_s"
    case .i64x2LeS: "i64x2.le_s"
    case .i64x2GeS: "i64x2.ge_s"
    case .i64x2ExtmulLowI32x4S: "i64x2.extmul_low_i32x4_s"
    case .i64x2ExtmulHighI32x4S: "i64x2.extmul_high_i32x4_s"
    case .i64x2ExtmulLowI32x4U: "i64x2.extmul_low_i32x4_u"
    case .i64x2ExtmulHighI32x4U: "i64x2.extmul_high_i32x4_u"
    case .f32x4Abs: "f32x4.abs"
    case .f32x4Neg: "f32x4.neg"
    case .f32x4Sqrt: "f32x4.sqrt"
    case .f32x4Add: "f32x4.add"
    case .f32x4Sub: "f32x4.sub"
    case .f32x4Mul: "f32x4.mul"
    case .f32x4Div: "f32x4.div"
    case .f32x4Min: "f32x4.min"
    case .f32x4Max: "f32x4.max"
    case .f32x4Pmin: "f32x4.pmin"
    case .f32x4Pmax: "f32x4.pmax"
    case .f64x2Abs: "f64x2.abs"
    case .f64x2Neg: "f64x2.neg"
    case .f64x2Sqrt: "f64x2.sqrt"
    case .f64x2Add: "f64x2.add"
    case .f64x2Sub: "f64x2.sub"
    case .f64x2Mul: "f64x2.mul"
    case .f64x2Div: "f64x2.div"
    case .f64x2Min: "f64x2.min"
    case .f64x2Max: "f64x2.max"
    case .f64x2Pmin: "f64x2.pmin"
    case .f64x2Pmax: "f64x2.pmax"
    case .i32x4TruncSatF32x4S: "i32x4.trunc_sat_f32x4_s"
    case .i32x4TruncSatF32x4U: "i32x4.trunc_sat_f32x4_u"
    case .f32x4ConvertI32x4S: "f32x4.convert_i32x4_s"
    case .f32x4ConvertI32x4U: "f32x4.convert_i32x4_u"
    case .i32x4TruncSatF64x2SZero: "i32x4.trunc_sat_f64x2_s_zero"
    case .i32x4TruncSatF64x2UZero: "i32x4.trunc_sat_f64x2_u_zero"
    case .f64x2ConvertLowI32x4S: "f64x2.convert_low_i32x4_s"
    case .f64x2ConvertLowI32x4U: "f64x2.convert_low_i32x4_u"
    case .i8x16RelaxedSwizzle: "i8x16.relaxed_swizzle"
    case .i32x4RelaxedTruncF32x4S: "i32x4.relaxed_trunc_f32x4_s"
    case .i32x4RelaxedTruncF32x4U: "i32x4.relaxed_trunc_f32x4_u"
    case .i32x4RelaxedTruncF64x2SZero: "i32x4.relaxed_trunc_f64x2_s_zero"
    case .i32x4RelaxedTruncF64x2UZero: "i32x4.relaxed_trunc_f64x2_u_zero"
    case .f32x4RelaxedMadd: "f32x4.relaxed_madd"
    case .f32x4RelaxedNmadd: "f32x4.relaxed_nmadd"
    case .f64x2RelaxedMadd: "f64x2.relaxed_madd"
    case .f64x2RelaxedNmadd: "f64x2.relaxed_nmadd"
    case .i8x16RelaxedLaneselect: "i8x16.relaxed_laneselect"
    case .i16x8RelaxedLaneselect: "i16x8.relaxed_laneselect"
    case .i32x4RelaxedLaneselect: "i32x4.relaxed_laneselect"
    case .i64x2RelaxedLaneselect: "i64x2.relaxed_laneselect"
    case .f32x4RelaxedMin: "f32x4.relaxed_min"
    case .f32x4RelaxedMax: "f32x4.relaxed_max"
    case .f64x2RelaxedMin: "f64x2.relaxed_min"
    case .f64x2RelaxedMax: "f64x2.relaxed_max"
    case .i16x8RelaxedQ15mulrS: "i16x8.relaxed_q15mulr_s"
    case .i16x8RelaxedDotI8x16I7x16S: "i16x8.relaxed_dot_i8x16_i7x16_s"
    case .i32x4RelaxedDotI8x16I7x16AddS: "i32x4.relaxed_dot_i8x16_i7x16_add_s"
    case .memoryAtomicNotify: "memory.atomic.notify"
    case .memoryAtomicWait32: "memory.atomic.wait32"
    case .memoryAtomicWait64: "memory.atomic.wait64"
    case .atomicFence: "atomic.fence"
    case .i32AtomicLoad: "i32.atomic.load"
    case .i64AtomicLoad: "i64.atomic.load"
    case .i32AtomicLoad8U: "i32.atomic.load8_u"
    case .i32AtomicLoad16U: "i32.atomic.load16_u"
    case .i64AtomicLoad8U: "i64.atomic.load8_u"
    case .i64AtomicLoad16U: "i64.atomic.load16_u"
    case .i64AtomicLoad32U: "i64.atomic.load32_u"
    case .i32AtomicStore: "i32.atomic.store"
    case .i64AtomicStore: "i64.atomic.store"
    case .i32AtomicStore8: "i32.atomic.store8"
    case .i32AtomicStore16: "i32.atomic.store16"
    case .i64AtomicStore8: "i64.atomic.store8"
    case .i64AtomicStore16: "i64.atomic.store16"
    case .i64AtomicStore32: "i64.atomic.store32"
    case .i32AtomicRmwAdd: "i32.atomic.rmw.add"
    case .i64AtomicRmwAdd: "i64.atomic.rmw.add"
    case .i32AtomicRmw8AddU: "i32.atomic.rmw8.add_u"
    case .i32AtomicRmw16AddU: "i32.atomic.rmw16.add_u"
    case .i64AtomicRmw8AddU: "i64.atomic.rmw8.add_u"
    case .i64AtomicRmw16AddU: "i64.atomic.rmw16.add_u"
    case .i64AtomicRmw32AddU: "i64.atomic.rmw32.add_u"
    case .i32AtomicRmwSub: "i32.atomic.rmw.sub"
    case .i64AtomicRmwSub: "i64.atomic.rmw.sub"
    case .i32AtomicRmw8SubU: "i32.atomic.rmw8.sub_u"
    case .i32AtomicRmw16SubU: "i32.atomic.rmw16.sub_u"
    case .i64AtomicRmw8SubU: "i64.atomic.rmw8.sub_u"
    case .i64AtomicRmw16SubU: "i64.atomic.rmw16.sub_u"
    case .i64AtomicRmw32SubU: "i64.atomic.rmw32.sub_u"
    case .i32AtomicRmwAnd: "i32.atomic.rmw.and"
    case .i64AtomicRmwAnd: "i64.atomic.rmw.and"
    case .i32AtomicRmw8AndU: "i32.atomic.rmw8.and_u"
    case .i32AtomicRmw16AndU: "i32.atomic.rmw16.and_u"
    case .i64AtomicRmw8AndU: "i64.atomic.rmw8.and_u"
    case .i64AtomicRmw16AndU: "i64.atomic.rmw16.and_u"
    case .i64AtomicRmw32AndU: "i64.atomic.rmw32.and_u"
    case .i32AtomicRmwOr: "i32.atomic.rmw.or"
    case .i64AtomicRmwOr: "i64.atomic.rmw.or"
    case .i32AtomicRmw8OrU: "i32.atomic.rmw8.or_u"
    case .i32AtomicRmw16OrU: "i32.atomic.rmw16.or_u"
    case .i64AtomicRmw8OrU: "i64.atomic.rmw8.or_u"
    case .i64AtomicRmw16OrU: "i64.atomic.rmw16.or_u"
    case .i64AtomicRmw32OrU: "i64.atomic.rmw32.or_u"
    case .i32AtomicRmwXor: "i32.atomic.rmw.xor"
    case .i64AtomicRmwXor: "i64.atomic.rmw.xor"
    case .i32AtomicRmw8XorU: "i32.atomic.rmw8.xor_u"
    case .i32AtomicRmw16XorU: "i32.atomic.rmw16.xor_u"
    case .i64AtomicRmw8XorU: "i64.atomic.rmw8.xor_u"
    case .i64AtomicRmw16XorU: "i64.atomic.rmw16.xor_u"
    case .i64AtomicRmw32XorU: "i64.atomic.rmw32.xor_u"
    case .i32AtomicRmwXchg: "i32.atomic.rmw.xchg"
    case .i64AtomicRmwXchg: "i64.atomic.rmw.xchg"
    case .i32AtomicRmw8XchgU: "i32.atomic.rmw8.xchg_u"
    case .i32AtomicRmw16XchgU: "i32.atomic.rmw16.xchg_u"
    case .i64AtomicRmw8XchgU: "i64.atomic.rmw8.xchg_u"
    case .i64AtomicRmw16XchgU: "i64.atomic.rmw16.xchg_u"
    case .i64AtomicRmw32XchgU: "i64.atomic.rmw32.xchg_u"
    case .i32AtomicRmwCmpxchg: "i32.atomic.rmw.cmpxchg"
    case .i64AtomicRmwCmpxchg: "i64.atomic.rmw.cmpxchg"
    case .i32AtomicRmw8CmpxchgU: "i32.atomic.rmw8.cmpxchg_u"
    case .i32AtomicRmw16CmpxchgU: "i32.atomic.rmw16.cmpxchg_u"
    case .i64AtomicRmw8CmpxchgU: "i64.atomic.rmw8.cmpxchg_u"
    case .i64AtomicRmw16CmpxchgU: "i64.atomic.rmw16.cmpxchg_u"
    case .i64AtomicRmw32CmpxchgU: "i64.atomic.rmw32.cmpxchg_u"
    case .structNew: "struct.new"
    case .structNewDefault: "struct.new_default"
    case .structGet: "struct.get"
    case .structGetS: "struct.get_s"
    case .structGetU: "struct.get_u"
    case .structSet: "struct.set"
    case .arrayNew: "array.new"
    case .arrayNewDefault: "array.new_default"
    case .arrayNewFixed: "array.new_fixed"
    case .arrayNewData: "array.new_data"
    case .arrayNewElem: "array.new_elem"
    case .arrayGet: "array.get"
    case .arrayGetS: "array.get_s"
    case .arrayGetU: "array.get_u"
    case .arraySet: "array.set"
    case .arrayLen: "array.len"
    case .arrayFill: "array.fill"
    case .arrayCopy: "array.copy"
    case .arrayInitData: "array.init_data"
    case .arrayInitElem: "array.init_elem"
    case .refTest: "ref.test"
    case .refTestNull: "ref.test"
    case .refCast: "ref.cast"
    case .refCastNull: "ref.cast"
    case .brOnCast: "br_on_cast"
    case .brOnCastFail: "br_on_cast_fail"
    case .anyConvertExtern: "any.convert_extern"
    case .externConvertAny: "extern.convert_any"
    case .refI31: "ref.i31"
    case .i31GetS: "i31.get_s"
    case .i31GetU: "i31.get_u"
    }
  }
}
