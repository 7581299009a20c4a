// Which place decides an option, and that each option makes other code.

import CompilerInterface
import SystemCalls
import Testing

@testable import ProgramRunner

@Suite struct OptionLayerTests {
  private static func layer(_ origin: OptionOrigin, _ level: Int) -> OptionLayer {
    var layer = OptionLayer()
    layer.optimizationLevel = ChosenValue(level, from: origin)
    return layer
  }

  /// From the place that counts most to the one that counts least.
  private static let origins: [OptionOrigin] = [
    .environment(variable: "WASMRUN_OPT_LEVEL"), .manifest(place: "app/wasmer.toml:3:1"),
    .configuration(place: "/etc/wasmrun/config.toml:1:1"),
  ]

  @Test func placesCountInOrderWhateverTheOrderOfAdding() {
    for (index, origin) in Self.origins.enumerated() {
      for lower in Self.origins[(index + 1)...] {
        for layers in [
          [Self.layer(origin, 3), Self.layer(lower, 1)],
          [Self.layer(lower, 1), Self.layer(origin, 3)],
        ] {
          var options = CompilationOptions()
          for layer in layers { options.add(layer) }
          #expect(options.optimizationLevel == 3, "\(origin) before \(lower)")
          #expect(options.choices.optimizationLevel?.origin == origin)
        }
      }
      var options = CompilationOptions()
      options.optimizationLevel = 2
      options.add(Self.layer(origin, 1))
      #expect(options.optimizationLevel == 2)
      #expect(options.choices.optimizationLevel?.origin == .flag)
    }
  }

  @Test func optionsAreDecidedOneByOne() throws {
    var options = CompilationOptions()
    options.passParameters = false
    options.add(Self.layer(.manifest(place: "m"), 3))
    let summary = options.summary.map { "\($0.name) = \($0.value) (\($0.origin))" }
    #expect(
      summary == [
        "compiler = auto (default)", "pass_params = false (the command line)", "opt_level = 3 (m)",
        "cache = true (default)",
      ])
  }

  @Test func aMeasurementDecidesAllAboutTheCode() {
    var options = CompilationOptions()
    options.passParameters = true
    options.optimizationLevel = 3
    options.notesPositions = true
    let chosen = options.codegen
    #expect(chosen.passParameters && chosen.optimizationLevel == 3)
    var measured = CodegenOptions()
    measured.passParameters = false
    measured.passesGlobalZero = true
    options.measuredCodegen = measured
    // But for what the machine and a debugger ask for.
    measured.cpuFeatures = chosen.cpuFeatures
    measured.notesPositions = true
    #expect(options.codegen == measured)
  }

  @Test func theEnvironmentIsRead() throws {
    let variables = [
      "WASMRUN_COMPILER": "baseline", "WASMRUN_PASS_PARAMS": "false", "WASMRUN_OPT_LEVEL": "",
    ]
    let layer = try OptionLayer { name in variables[name.description].map { OSString($0) } }
    #expect(layer.strategy?.value == .baseline)
    #expect(layer.passParameters?.value == false)
    #expect(layer.passParameters?.origin == .environment(variable: "WASMRUN_PASS_PARAMS"))
    #expect(layer.optimizationLevel == nil)
  }

  @Test(arguments: [
    ("WASMRUN_COMPILER", "fast"), ("WASMRUN_PASS_PARAMS", "yes"), ("WASMRUN_OPT_LEVEL", "4"),
    ("WASMRUN_OPT_LEVEL", "+1"), ("WASMRUN_OPT_LEVEL", "01"),
  ])
  func wrongVariablesAreRefused(name: String, value: String) throws {
    do throws(RunnerError) {
      _ = try OptionLayer { $0 == OSString(name) ? OSString(value) : nil }
      Issue.record("accepted")
    } catch {
      #expect(error.kind == .usage)
      #expect(error.what.contains(name))
      #expect(error.why.contains("'\(value)'"))
    }
  }

  /// Whatever changes code must be in the fingerprint, which cache keys are made of.
  @Test func everyCodegenOptionIsInTheFingerprint() {
    let plain = CompilationOptions()
    var changed: [CompilationOptions] = []
    var options = plain
    options.passParameters.toggle()
    changed.append(options)
    for level in 1...3 where level != plain.optimizationLevel {
      options = plain
      options.optimizationLevel = level
      changed.append(options)
    }
    let fingerprints = ([plain] + changed).map(\.codegen.fingerprint)
    #expect(Set(fingerprints).count == fingerprints.count)
  }
}
