// Both parsers understand a command line alike, or the fast one does not understand it.

import ArgumentParser
import ProgramRunner
import SystemCalls
import Testing

@testable import CommandLineTool

@Suite struct ParserEqualityTests {
  /// What the full parser makes of a line; nil where it is no run of a module.
  static func full(_ words: [OSString]) -> RunLine? {
    let texts = words.map(\.parserText)
    guard let command = try? WasmrunCommand.parseWords(texts) as? RunCommand, !command.wantsHelp
    else { return nil }
    return command.line
  }

  private static func words(_ line: String) -> [OSString] {
    line.split(separator: " ").map { $0 == "''" ? "" : OSString(String($0)) }
  }

  /// What is run most, and so must not start slowly.
  static let plain = [
    "app.wasm", "./app.wasm", "/a/b/app.wasm", "app", "-", "app.wasm one two", "app.wasm -- one",
    "app.wasm -- -- one", "app.wasm --", "app.wasm one -- two", "app.wasm --dir . -v --help",
    "app.wasm run", "app.wasm -h", "app.wasm -", "app.wasm ''", "app.wasm '' ''",
    "run app.wasm", "run run", "run cache", "run app.wasm -- one", "run -v app.wasm -- one",
    "./run app.wasm", "runner", "caches list",
    "--dir . app.wasm", "--dir=. app.wasm", "--dir .::/data app.wasm x", "--dir a::b::c app.wasm",
    "--dir a --dir b::/b --ro-dir c --dir d::d app.wasm", "--ro-dir / app.wasm",
    "--ro-dir=/::/host app.wasm", "--ro-dir b --dir a app.wasm",
    "--env A=1 --env B --env C= app.wasm", "--env=A=1=2 app.wasm", "--env A app.wasm A=2",
    "--invoke add app.wasm 1 -2", "--invoke=add app.wasm", "--invoke a --invoke b app.wasm",
    "--preload a=a.wasm --preload=env=b=c.wasm app.wasm", "--command serve app",
    "--command=serve app -- x", "--argv0 name app.wasm",
    "--argv0=name app.wasm", "--argv0 '' app.wasm",
    "--compiler auto app.wasm", "--compiler=llvm app.wasm", "--compiler baseline app.wasm",
    "--tier-up 0 app.wasm", "--tier-up=1000 app.wasm", "--tier-up never app.wasm",
    "--opt-level 1 app.wasm", "--opt-level=3 app.wasm", "--max-memory 64M app.wasm",
    "--max-memory=65536 app.wasm", "--max-wasm-stack 2M app.wasm",
    "--max-wasm-stack=8388608 app.wasm",
    "--disable-pass-params-opt app.wasm", "--enable-pass-params-opt app.wasm",
    "--no-cache app.wasm", "-v app.wasm", "--verbose app.wasm", "-q app.wasm", "--quiet app.wasm",
    "-v -v app.wasm", "--no-cache --no-cache app.wasm", "--opt-level 1 --opt-level 2 app.wasm",
    "-v --no-cache --dir . --env A=1 --opt-level 3 app.wasm -- -v --dir / --",
    "--max-memory 1G --max-memory 2G app.wasm", "--sandbox strict app.wasm",
    "--sandbox=off app.wasm", "--timeout 10 app.wasm", "--timeout=1.5m app.wasm",
    "--max-table-elements 10 app.wasm", "--max-open-files=5 app.wasm", "--inherit-env app.wasm",
    "--threads app.wasm", "--threads --max-threads 4 app.wasm", "--max-threads=9 app.wasm -- x",
    "--trace app.wasm", "--trace --dir . app.wasm --trace", "run --trace app.wasm",
    "--trace=summary app.wasm", "--trace=fd,path app.wasm",
    "--env-file a --env-file=b --env C app.wasm", "--listen 127.0.0.1:80 app.wasm",
    "--listen=[::1]:0 --listen 0.0.0.0:8080 app.wasm", "--report json app.wasm",
    "--report=out.json app.wasm", "--coredump core app.wasm", "--profile jitdump app.wasm",
    "--profile=perfmap --debug-info app.wasm", "--coredump=a/b app.wasm",
    "--color always app.wasm", "--color=never -v app.wasm",
    "--listen unix:/tmp/a app.wasm", "--listen=unix:a=b app.wasm",
    "--stdin a --stdout=b --stderr c app.wasm", "--stdout a --stdout b app.wasm --stdout c",
  ]

  /// What the full parser has to judge.
  static let involved = [
    "", "run", "-v", "--dir .", "--", "run --", "-- app.wasm", "-- -v one", "-- -- app.wasm",
    "run -- app.wasm", "-- run", "--dir -x app.wasm", "--dir --env app.wasm", "--dir",
    "--dir - app.wasm", "--dir '' app.wasm",
    "--env =x app.wasm", "--argv0= app.wasm", "--env= app.wasm", "--env '' app.wasm", "--env",
    "--invoke", "--opt-level 0 app.wasm",
    "--opt-level 4 app.wasm", "--opt-level two app.wasm", "--opt-level +1 app.wasm",
    "--max-memory 0 app.wasm", "--max-memory 1X app.wasm", "--max-memory -1 app.wasm",
    "--max-memory 99999999999G app.wasm", "--max-wasm-stack 1 app.wasm",
    "--max-wasm-stack 1T app.wasm",
    "--trace", "--trace= app.wasm", "--trace=files app.wasm", "--trace=fd, app.wasm",
    "--dir --trace app.wasm", "--timeout 0 app.wasm", "--timeout 1d app.wasm",
    "--max-table-elements 0 app.wasm",
    "--max-threads 0 app.wasm", "--threads=1 app.wasm",
    "--max-open-files -1 app.wasm", "--env-file= app.wasm", "--inherit-env=1 app.wasm",
    "--listen localhost:80 app.wasm", "--sandbox on app.wasm", "--sandbox= app.wasm",
    "sandbox explain --dir .", "package check app", "package show --json app", "--command",
    "--preload a app.wasm", "--preload =a app.wasm",
    "--preload a= app.wasm",
    "--compiler fast app.wasm", "--profile=all app.wasm",
    "--tier-up 1s app.wasm", "--tier-up -1 app.wasm", "--tier-up= app.wasm",
    "--compiler= app.wasm", "-v -q app.wasm", "-q -v app.wasm",
    "-vq app.wasm", "-vv app.wasm", "-x app.wasm", "--bogus app.wasm", "--bogus=1 app.wasm",
    "--verbose=1 app.wasm", "--no-cache=yes app.wasm", "--direct . app.wasm", "-dir . app.wasm",
    "--dir a:: app.wasm", "--dir ::b app.wasm", "--dir :: app.wasm",
    "-h", "--help", "run --help", "--help app.wasm", "--dir . -h", "--version", "help",
    "help run", "cache", "cache list", "cache path", "compile app.wasm", "validate app.wasm",
    "compile --no-cache app.wasm", "cache --help", "--version app.wasm",
  ]

  @Test(arguments: plain)
  func plainLinesAreReadAlike(line: String) throws {
    let words = Self.words(line)
    let fast = try #require(FastRunParser.parse(words))
    #expect(fast == Self.full(words))
  }

  @Test(arguments: involved)
  func otherLinesAreLeftToTheFullParser(line: String) {
    #expect(FastRunParser.parse(Self.words(line)) == nil)
  }

  /// Every order of some words, most of which make no sense.
  @Test func noOrderOfWordsIsReadDifferently() {
    let vocabulary: [OSString] = [
      "app.wasm", "--", "-v", "--dir", "--env=A", "run", "-", "--opt-level", "2",
    ]
    var lines: [[OSString]] = [[]]
    var seen = 0
    for _ in 0..<3 {
      lines = lines.flatMap { line in vocabulary.map { line + [$0] } }
      for line in lines {
        guard let fast = FastRunParser.parse(line) else { continue }
        seen += 1
        #expect(fast == Self.full(line), "\(line)")
      }
    }
    #expect(seen > 200)
  }

  @Test func bytesThatAreNoTextAreReadAlike() throws {
    let odd = OSString(bytes: [0x61, 0xFF, 0xC3, 0x28])
    for words in [
      [odd], ["--dir", odd, "m", odd], ["--ro-dir", odd + "::" + odd, odd],
      ["--dir=" + odd, "m"], ["--env", odd, "--env", odd + "=" + odd, "m"],
      ["--env=A=" + odd, "--argv0", odd, "m", "--", odd], ["--argv0=" + odd, "--invoke", odd, "m"],
    ] {
      let fast = try #require(FastRunParser.parse(words))
      #expect(fast == Self.full(words))
    }
    for words in [["--max-memory", odd, "m"], ["--" + odd, "m"], ["--" + odd + "=1", "m"]] {
      #expect(FastRunParser.parse(words) == nil)
      #expect(Self.full(words) == nil)
    }
  }

  @Test func everythingBehindTheModuleIsTheGuests() throws {
    for words in [
      ["--dir", ".", "m", "--", "--dir", "x", "--", ""], ["m", "--dir", "x", "--", ""],
    ] as [[OSString]] {
      let line = try #require(FastRunParser.parse(words))
      #expect(line.options.modulePath == "m")
      #expect(line.options.guestArguments == ["--dir", "x", "--", ""])
    }
  }

  /// Nothing behind `=` is an empty value, and not the next word, which would be the module.
  @Test func anEmptyValueIsNotTheNextWord() throws {
    let line = try #require(Self.full(["--argv0=", "--invoke=", "-v", "m", "--dir=", "x"]))
    #expect(line.options.modulePath == "m")
    #expect(line.options.programName == "")
    #expect(line.options.invokedFunction == "")
    #expect(line.options.guestArguments == ["--dir=", "x"])
    for option in ["--dir=", "--env=", "--timeout=", "--report=", "--trace="] {
      #expect(Self.full([OSString(option), "m", "n"]) == nil, "\(option)")
    }
    let compile = try WasmrunCommand.parseWords(["compile", "--output=", "m", "-v"])
    #expect((compile as? CompileCommand)?.modules == ["m"])
    #expect((compile as? CompileCommand)?.output == "")
  }

  @Test func aSeparatorBeforeTheModuleLetsItBeginWithADash() throws {
    let line = try #require(Self.full(["--", "-odd.wasm", "--", "x"]))
    #expect(line.options.modulePath == "-odd.wasm")
    #expect(line.options.guestArguments == ["x"])
  }
}
