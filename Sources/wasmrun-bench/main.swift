// wasmrun-bench: what the ways to reach globals and memory cost.
//
// The program has two parts. One measures; the other is what it measures: a process that runs one
// guest, with options of code generation that wasmrun has no words for.

import ArgumentParser
import SystemCalls

let words = ProcessEnvironment.arguments
if words.first == OSString(GuestRun.word) {
  endProcess(status: GuestRun.run(words.dropFirst().map(\.description)))
}
BenchCommand.main()
