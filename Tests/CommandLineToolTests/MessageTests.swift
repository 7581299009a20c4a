// What wasmrun says, and how.

import ArgumentParser
import DWARF
import ProgramRunner
import SystemCalls
import Testing

@testable import CommandLineTool

@Suite struct MessageTests {
  /// Swift Testing has a type of that name, too.
  typealias Status = CommandLineTool.ExitStatus

  @Test func aMessageSaysWhatWhyAndWhatToDo() {
    #expect(Diagnostic("it failed").text == "wasmrun: it failed\n")
    #expect(Diagnostic("it failed", "no luck").text == "wasmrun: it failed: no luck\n")
    #expect(
      Diagnostic("it failed", "no luck", hint: "try again").text
        == "wasmrun: it failed: no luck\nhint: try again\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("é ü 漢 🙂", "é ü 漢 🙂"), ("a\u{1B}[31mred", "a\\u{1b}[31mred"),
    ("line\nbreak\ttab", "line\\u{a}break\\u{9}tab"), ("\u{202E}reversed", "\\u{202e}reversed"),
    ("\u{2028}", "\\u{2028}"), ("\u{7F}\u{9B}", "\\u{7f}\\u{9b}"), ("\u{0}", "\\u{0}"),
  ])
  func whatCouldSteerATerminalIsEscaped(text: String, shown: String) {
    #expect(escaped(text) == shown)
    #expect(
      Diagnostic(text, text, hint: text).text == "wasmrun: \(shown): \(shown)\nhint: \(shown)\n")
  }

  @Test func aTrapIsToldWithItsBacktrace() {
    let report = TrapReport(
      reason: "out of bounds memory access at 0x10000 (the memory has 1 page)",
      backtrace: [
        .function(name: "parse_line", offset: 0x1A3F), .function(name: "main", offset: 0xB20),
        .omitted(count: 1_000), .function(name: "f\u{1B}[2J", offset: nil),
        .function(
          name: "lib: g", offset: 0x7, library: "lib",
          location: SourceLocation(file: "src/g\u{7}.c", line: 12, column: 5)),
        .function(
          name: "h", offset: 0xFF, location: SourceLocation(file: "/usr/include/h.h", line: 3)),
        .function(name: "_start", offset: 0x112),
      ])
    #expect(
      report.text(modulePath: "/srv/app.wasm") == """
        wasmrun: '/srv/app.wasm' trapped: out of bounds memory access at 0x10000 (the memory has 1 page)
            0: parse_line  (app.wasm+0x1a3f)
            1: main        (app.wasm+0xb20)
              ... 1000 more
         1002: f\\u{1b}[2J
         1003: lib: g      (lib+0x7) at src/g\\u{7}.c:12:5
         1004: h           (app.wasm+0xff) at /usr/include/h.h:3
         1005: _start      (app.wasm+0x112)

        """)
  }

  @Test func aTrapWithoutNamesGivesAHint() {
    let report = TrapReport(
      reason: "unreachable", backtrace: [.function(name: "function 3", offset: nil)],
      hasNames: false)
    #expect(
      report.text(modulePath: "app.wasm") == """
        wasmrun: 'app.wasm' trapped: unreachable
            0: function 3
        hint: the module has no names for its functions; keep them with -g

        """)
  }

  @Test func progressCountsFunctionsAndSeconds() {
    var progress = CompilationProgress(
      doneFunctionCount: 0, functionCount: 0, elapsedNanoseconds: 400_000_000)
    #expect(progress.line(modulePath: "a\u{7}.wasm") == "wasmrun: compiling 'a\\u{7}.wasm': 0 s")
    progress.doneFunctionCount = 512
    progress.functionCount = 11_448
    progress.elapsedNanoseconds = 3_999_999_999
    #expect(
      progress.line(modulePath: "/srv/app.wasm")
        == "wasmrun: compiling 'app.wasm': 512/11448 functions, 3 s")
    let long = "dir/" + String(repeating: "é", count: 60) + ".wasm"
    #expect(progress.line(modulePath: long).count < 80)
  }

  @Test(
    arguments: [
      (Status.success, 0), (.guest(status: 0), 0), (.guest(status: 255), 255),
      (.problemsFound, 1), (.usage, 64), (.failed, 125), (.notRunnable, 126), (.notFound, 127),
      (.trapped, 134),
    ] as [(Status, Int32)])
  func statusesHaveTheirNumbers(status: Status, code: Int32) { #expect(status.code == code) }

  @Test func theHelpNamesAllOptionsAndCommands() {
    let words = Set(
      HelpText.main.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
    for option in RunOption.allCases {
      #expect(words.contains(option.rawValue))
      if let letter = option.letter { #expect(words.contains("-\(letter)")) }
    }
    for name in CommandName.allCases { #expect(words.contains(name.rawValue)) }
    for status in [Status.usage, .failed, .notRunnable, .notFound, .trapped] {
      #expect(words.contains("\(status.code)"))
    }
    #expect(HelpText.main.split(separator: "\n").allSatisfy { $0.count <= 88 })
  }

  @Test func commandsAreNamedOnce() {
    let configured = WasmrunCommand.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    #expect(configured + ["help"] == CommandName.allCases.map(\.rawValue))
  }
}
