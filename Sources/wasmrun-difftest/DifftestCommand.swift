// wasmrun-difftest: compares the two compilers on modules. `packaging/fuzz/differential` makes some.

import ArgumentParser
import CompilerInterface
import SpecificationSuite
import SystemCalls

@main
struct DifftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wasmrun-difftest",
    abstract: "Run modules in code of both compilers and compare all that can be seen.",
    discussion: """
      Modules must have no imports, end, and make canonical NaNs. Exit status: 0 when no module \
      differs, 1 when any does.
      """)

  @Argument(help: ArgumentHelp("Modules in the binary format.", valueName: "file"))
  var paths: [String]

  @Flag(help: "Let the code use every feature of this build's newest processors.")
  var allCpuFeatures = false

  @Flag(help: "Do not pass memory 0's base as a parameter.")
  var disablePassParamsOpt = false

  @Flag(help: "Reach memory 0 by the segment register GS; implies --disable-pass-params-opt.")
  var segmentBase = false

  @Option(help: "How much LLVM optimises, 1 to 3.")
  var optLevel = 1

  func validate() throws {
    if segmentBase, !ProcessorExtensions.available.contains(.fsgsbase) {
      throw ValidationError("--segment-base needs a processor and a kernel with FSGSBASE")
    }
  }

  func run() throws {
    var options = CodegenOptions()
    options.optimizationLevel = optLevel
    options.poisonsUpperHalves = true
    options.passParameters = !disablePassParamsOpt && !segmentBase
    options.usesSegmentBase = segmentBase
    options.cpuFeatures =
      allCpuFeatures ? CPUFeatures(CPUFeatures.names.map(\.0)) : [.ssse3, .sse41]
    if segmentBase { options.cpuFeatures.insert(.fsgsbase) }
    let comparison = ModuleComparison(options: options)
    var (equal, different, skipped) = (0, 0, 0)
    var counts = ComparisonCounts()
    for path in paths {
      switch comparison.compare(path: path) {
      case .equal(let compared):
        equal += 1
        counts += compared
      case .different(let baseline, let llvm):
        different += 1
        print("\(path): different\n  baseline: \(baseline)\n  llvm:     \(llvm)")
      case .skipped(let reason):
        skipped += 1
        print("\(path): skipped: \(reason)")
      }
    }
    print(
      "\(equal) modules equal (\(counts.calls) calls, \(counts.traps) traps, "
        + "\(counts.otherReasons) for another reason, \(counts.otherStates) with another state), "
        + "\(different) different, \(skipped) skipped")
    if different > 0 { throw ExitCode.failure }
  }
}
