import CompilerInterface
import Glibc
import Runtime
import SystemCalls
import WasmModule

func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) * 1e6 + Double(t.tv_nsec) / 1e3 }
let path = CommandLine.arguments[1]
let fd = open(path, O_RDONLY)
var st = stat(); fstat(fd, &st)
let p = mmap(nil, Int(st.st_size), PROT_READ, MAP_PRIVATE, fd, 0)!
let bytes = UnsafeRawBufferPointer(start: p, count: Int(st.st_size))
func fake(_ module: Module) -> CodeImageContents {
  var c = CodeImageContents()
  c.text = Array(repeating: 0xCC, count: max(4096, 16 * module.definedFunctionCount))
  c.functions = (0..<module.definedFunctionCount).map { FunctionRecord(body: UInt32($0 * 16), tableEntry: UInt32($0 * 16), byteCount: 16) }
  c.entryThunks = module.types.map { _ in 0 }
  c.hostThunks = module.types.map { _ in 0 }
  c.traps = (0..<module.definedFunctionCount * 10).map { TrapRecord(codeOffset: UInt32($0), wasmOffset: 0, code: .unreachable) }
  return c
}
let file: FileDescriptor
do {
  let module = try Module.decode(bytes)
  file = try FileDescriptor.memoryFile(named: "x").take()
  let image = fake(module).encoded()
  try image.withUnsafeBytes { try file.writeAll($0) }
}
var best = [Double](repeating: 1e9, count: 5)
if CommandLine.arguments.count < 3 { let a0 = now()
_ = TypeRegistry.id(of: FunctionType(parameters: [.i32], results: []))
let a1 = now()
let st0 = try Store()
let a2 = now()
let f0 = try st0.makeFunction(HostFunctionDefinition(module: "a", name: "b", type: FunctionType(), function: { _, _ in 0 }, environment: nil))
let a3 = now()
let l0 = Linker(st0)
l0.define("a", "b", .function(f0))
let a4 = now()
l0.define("a", "c", .function(f0))
let a5 = now()
print("registry", a1 - a0, "store", a2 - a1, "makeFunction", a3 - a2, "define", a4 - a3, a5 - a4)
}
for round in 0..<(CommandLine.arguments.count > 2 ? 1 : 100) {
  let t0 = now()
  let module = try Module.decode(bytes)
  let t1 = now()
  let store = try Store()
  let t2 = now()
  let linker = Linker(store)
  var definitions: [HostFunctionDefinition] = []
  for i in module.imports {
    if case .function(let t) = i.descriptor {
      definitions.append(HostFunctionDefinition(module: i.module, name: i.name, type: module.types[Int(t)], function: { _, _ in 0 }, environment: nil))
    }
  }
  let t3 = now()
  try linker.define(definitions)
  let t4 = now()
  let code = try LoadedCode(file)
  let t5 = now()
  let instance = try linker.instantiate(module, bytes: bytes, code: code)
  let t6 = now()
  _ = instance.function("_start")
  let t7 = now()
  for (i, d) in [t1 - t0, t2 - t1, t4 - t3, t5 - t4, t6 - t5].enumerated() { best[i] = min(best[i], d) }
  func f(_ d: Double) -> String { "\(Int(d * 10) / 10)us" }
  if round == 0  {
    print("decode", f(t1 - t0), "store", f(t2 - t1), "define \(definitions.count)", f(t4 - t3), "load", f(t5 - t4), "instantiate", f(t6 - t5), "lookup", f(t7 - t6))
  }
}

print("best decode, store, define, load, instantiate:", best)
