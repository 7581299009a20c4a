// swift-tools-version: 6.2
// The package: one target a stage of the program's way, dependencies pointing only downward.
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let strictC: [CSetting] = [
  .unsafeFlags(["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"])
]

/// Debian's LLVM has no pkg-config file, so the one importing target names its folders.
let llvmHeaders: [SwiftSetting] = [
  .unsafeFlags(["-Xcc", "-I/usr/include/llvm-c-19", "-Xcc", "-I/usr/include/llvm-19"])
]

/// How the runner is linked for release. Each start pays for what the dynamic loader has to do, so
/// libstdc++ and libgcc, which only Swift's runtime needs, are linked statically (0.4 ms), hardly
/// any symbol is exported (0.1 ms), and relocations are packed. `packaging/linker` holds a stand-in for
/// libstdc++.so that names the static library.
let quickStart: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-use-ld=lld", "-L\(Context.packageDirectory)/packaging/linker",
      "-Xclang-linker", "-static-libgcc", "-Xlinker", "--no-export-dynamic",
      "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "-z", "-Xlinker", "now",
      // Debuggers look for these, also where the program is stripped.
      "-Xlinker", "--export-dynamic-symbol=__jit_debug_register_code",
      "-Xlinker", "--export-dynamic-symbol=__jit_debug_descriptor",
    ], .when(configuration: .release))
]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], swift extra: [SwiftSetting] = [],
  linker: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: strict + extra, linkerSettings: linker)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], swift extra: [SwiftSetting] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name)] + dependencies,
    swiftSettings: strict + extra)
}

/// A package to depend on. A build without a network, such as that of the Debian package, finds a copy
/// of it in `$WASMRUN_VENDOR/NAME`.
func dependency(_ name: String, at url: String, from version: Version) -> Package.Dependency {
  guard let folder = Context.environment["WASMRUN_VENDOR"] else {
    return .package(url: url, from: version)
  }
  return .package(path: "\(folder)/\(name)")
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "wasmrun",
  products: [
    .executable(name: "wasmrun", targets: ["wasmrun"]),
    .executable(name: "wasmrun-llvm", targets: ["wasmrun-llvm"]),
    .library(name: "WasmRuntime", targets: ["WasmRuntime"]),
  ],
  dependencies: [
    dependency(
      "swift-argument-parser", at: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    dependency("swift-crypto", at: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // The binary format and its validation.
    library("WasmModule"),

    // TOML and JSON with the places of all values; which known word an unknown one is near to.
    library("StructuredText"),

    // The text format, to the binary one.
    library("WasmText", ["StructuredText"]),

    // Packages of modules, with a manifest (wasmer.toml).
    library("PackageManifest", ["StructuredText", "SystemCalls"]),

    // The contract between compilers and runtime.
    library("CompilerInterface", ["WasmModule"]),

    // Which code is of which line of a source, as compilers tell it.
    library("DWARF", ["WasmModule"]),

    // Code made on request, published while it runs.
    library("CompileService", ["CompilerInterface", "SystemCalls", "WasmModule"]),

    // wasm to x86-64 in one pass a body, with an assembler of its own.
    library(
      "BaselineCompiler", ["CompileService", "CompilerInterface", "SystemCalls", "WasmModule"]),

    // wasm to LLVM IR to CodeImage; the only importer of LLVM-C.
    .systemLibrary(name: "CLLVM"),
    library(
      "LLVMCompiler",
      [
        "CLLVM", "CompileService", "CompilerInterface", "DWARF", "Sandbox", "SystemCalls",
        "WasmModule",
      ],
      swift: llvmHeaders,
      linker: [.unsafeFlags(["-L/usr/lib/llvm-19/lib"]), .linkedLibrary("LLVM-19")]),

    // Instances, memories, tables, traps.
    .target(name: "CRuntime", cSettings: strictC),
    library("Runtime", ["CRuntime", "CompilerInterface", "DWARF", "SystemCalls", "WasmModule"]),

    // The kernel and libuv, each in one place.
    .target(name: "CSystem", cSettings: strictC),
    library("SystemCalls", ["CSystem"]),
    .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
    library("EventLoop", ["CUV", "SystemCalls"]),

    // What a process may still do once it is locked down: described, then applied.
    .systemLibrary(
      name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
    library("Sandbox", ["CSeccomp", "SystemCalls"]),

    // WASI: Host/ knows no wasm, Preview1/ is the ABI.
    library("WASI", ["CompilerInterface", "EventLoop", "SystemCalls", "WasmModule"]),

    // The library for embedding: modules compiled, linked, called. The only target with a public face.
    library(
      "WasmRuntime",
      [
        "BaselineCompiler", "CompileService", "CompilerInterface", "DWARF", "Runtime", "Sandbox",
        "SystemCalls", "WasmModule", "WasmText",
      ]),

    // Finished images, kept between runs.
    library(
      "CodeCache",
      ["CompilerInterface", "SystemCalls", .product(name: "Crypto", package: "swift-crypto")]),

    // Programs: cache, grants and WASI around the library for embedding.
    library(
      "ProgramRunner",
      [
        "CodeCache", "CompilerInterface", "DWARF", "PackageManifest", "Sandbox", "StructuredText",
        "SystemCalls", "WASI", "WasmModule", "WasmRuntime", "WasmText",
      ]),

    // The commands; a library, so that tests import it.
    library(
      "CommandLineTool",
      [
        "CodeCache", "CompilerInterface", "DWARF", "EventLoop", "PackageManifest", "ProgramRunner",
        "Sandbox", "StructuredText", "SystemCalls", "WASI", "WasmModule", argumentParser,
      ]),
    .executableTarget(
      name: "wasmrun", dependencies: ["CommandLineTool", "SystemCalls"], swiftSettings: strict,
      linkerSettings: quickStart),
    .executableTarget(
      name: "wasmrun-llvm", dependencies: ["LLVMCompiler", "SystemCalls"], swiftSettings: strict),

    // The specification's test suite against the engine; a developer's tool, not installed.
    library(
      "SpecificationSuite",
      [
        "BaselineCompiler", "CompileService", "CompilerInterface", "LLVMCompiler", "Runtime",
        "SystemCalls",
        "WasmModule", "WasmText",
      ]),
    .executableTarget(
      name: "wasmrun-spectest",
      dependencies: [
        "CompilerInterface", "SpecificationSuite", "SystemCalls", argumentParser,
      ],
      swiftSettings: strict),

    // Both compilers against each other; a developer's tool, not installed.
    .executableTarget(
      name: "wasmrun-difftest",
      dependencies: [
        "CompilerInterface", "SpecificationSuite", "SystemCalls", argumentParser,
      ],
      swiftSettings: strict),

    // What ways to reach globals and memory cost: modules changed for it, figures, reports; and the tool
    // that measures; not installed.
    library("Benchmark", ["CompilerInterface", "WasmModule"]),
    .executableTarget(
      name: "wasmrun-bench",
      dependencies: [
        "Benchmark", "CompilerInterface", "ProgramRunner", "SystemCalls", argumentParser,
      ],
      swiftSettings: strict),

    // Modules mutated at random, and the tool that decodes and validates millions of them; not
    // installed.
    library("ModuleMutation", ["WasmModule"]),
    .executableTarget(
      name: "wasmrun-mutate", dependencies: ["ModuleMutation", "WasmModule", argumentParser],
      swiftSettings: strict),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["SystemCalls", "WasmModule"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("WasmModule", ["ModuleMutation"]),
    tests("ModuleMutation", ["WasmModule"]),
    tests("Benchmark", ["CompilerInterface", "WasmRuntime", "WasmText"]),
    tests("WasmText", ["WasmModule"]),
    tests("StructuredText", []),
    tests("PackageManifest", ["StructuredText", "SystemCalls", "TestSupport"]),
    tests("DWARF", ["ModuleMutation"]),
    tests("CompilerInterface", ["ModuleMutation", "WasmModule"]),
    tests(
      "BaselineCompiler",
      [
        "CompilerInterface", "LLVMCompiler", "Runtime", "SystemCalls", "TestSupport", "WasmModule",
      ]),
    tests(
      "LLVMCompiler",
      [
        "CLLVM", "CompileService", "CompilerInterface", "Runtime", "SystemCalls", "TestSupport",
        "WasmModule",
      ],
      swift: llvmHeaders),
    tests(
      "Runtime",
      [
        "CRuntime", "CompilerInterface", "LLVMCompiler", "SystemCalls", "TestSupport", "WasmModule",
      ]),
    tests("WasmRuntime", ["wasmrun-llvm"]),
    tests("SystemCalls", ["TestSupport"]),
    .executableTarget(
      name: "name-swapper", path: "Tests/NameSwapper", cSettings: strictC),
    tests(
      "WASI",
      [
        "CompilerInterface", "EventLoop", "SystemCalls", "TestSupport", "WasmModule",
        "name-swapper",
      ]),
    .target(name: "CSandboxProbe", path: "Tests/CSandboxProbe", cSettings: strictC),
    .executableTarget(
      name: "sandbox-probe", dependencies: ["CSandboxProbe", "CSeccomp", "Sandbox", "SystemCalls"],
      path: "Tests/SandboxProbe", swiftSettings: strict),
    tests("Sandbox", ["CSeccomp", "SystemCalls", "TestSupport", "sandbox-probe"]),
    tests("CodeCache", ["CompilerInterface", "SystemCalls", "TestSupport"]),
    .testTarget(
      name: "SpecificationTests",
      dependencies: [
        "CompilerInterface", "ModuleMutation", "Runtime", "SpecificationSuite", "TestSupport",
        "WasmModule", "WasmText",
      ],
      swiftSettings: strict),
    tests(
      "ProgramRunner",
      ["CompilerInterface", "SystemCalls", "TestSupport", "WasmModule", "WasmRuntime"]),
    tests(
      "CommandLineTool",
      [
        "CompilerInterface", "DWARF", "PackageManifest", "ProgramRunner", "SystemCalls",
        "TestSupport", "WasmModule", argumentParser,
      ]),
  ]
)
