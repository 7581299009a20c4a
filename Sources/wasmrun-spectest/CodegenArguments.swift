// The options about code generation.

import ArgumentParser
import CompilerInterface
import SpecificationSuite
import SystemCalls

/// How the scripts' modules are compiled. The defaults are quick, and the same on any machine.
struct CodegenArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The compiler that makes the code: llvm, baseline or on-request.", valueName: "name"),
    transform: CodegenArguments.choice)
  var compiler = CompilerChoice.llvm

  @Option(help: "How much LLVM optimises, 1 to 3.")
  var optLevel = 1

  @Flag(help: "Do not pass memory 0's base as a parameter.")
  var disablePassParamsOpt = false

  @Flag(help: "Reach memory 0 by the segment register GS; implies --disable-pass-params-opt.")
  var segmentBase = false

  @Flag(help: "Let code say of which instruction it is, as for debuggers.")
  var notePositions = false

  @Option(
    help: ArgumentHelp(
      "Processor features beyond SSE 4.1, separated by commas, such as avx2,bmi2.",
      valueName: "names"))
  var cpuFeatures = ""

  private var featureNames: [Substring] { cpuFeatures.split(separator: ",") }

  func validate() throws {
    guard (1...3).contains(optLevel) else { throw ValidationError("--opt-level is 1 to 3") }
    if segmentBase, !ProcessorExtensions.available.contains(.fsgsbase) {
      throw ValidationError("--segment-base needs a processor and a kernel with FSGSBASE")
    }
    for name in featureNames where Self.feature(name) == nil {
      let known = CPUFeatures.names.map(\.1).joined(separator: ", ")
      throw ValidationError("no processor feature is called \(name); there are \(known)")
    }
  }

  var options: CodegenOptions {
    var options = CodegenOptions()
    options.optimizationLevel = optLevel
    options.passParameters = !disablePassParamsOpt && !segmentBase
    options.usesSegmentBase = segmentBase
    options.notesPositions = notePositions
    options.cpuFeatures = CPUFeatures(featureNames.compactMap(Self.feature)).union([.ssse3, .sse41])
    if segmentBase { options.cpuFeatures.insert(.fsgsbase) }
    return options
  }

  /// These options as a command line has them.
  var arguments: [String] {
    ["--compiler", compiler.rawValue, "--opt-level", "\(optLevel)", "--cpu-features", cpuFeatures]
      + (disablePassParamsOpt ? ["--disable-pass-params-opt"] : [])
      + (segmentBase ? ["--segment-base"] : [])
      + (notePositions ? ["--note-positions"] : [])
  }

  private static func choice(_ name: String) throws -> CompilerChoice {
    guard let choice = CompilerChoice(rawValue: name) else {
      throw ValidationError("there is no compiler \(name)")
    }
    return choice
  }

  private static func feature(_ name: Substring) -> CPUFeatures? {
    CPUFeatures.names.first { $0.1 == name }?.0
  }
}
