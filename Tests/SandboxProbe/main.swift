// Makes system calls in processes that are locked down, and says what became of each.
//
//     sandbox-probe POLICY [--dir FOLDER] [--ro-dir FOLDER] [--sockets] [--threads]
//                   [--locked-personality]
//
// POLICY is `runner`, `compiler` or `tier-compiler`. Reads calls from standard input, a line each: a name or number,
// then up to six arguments: numbers, or texts behind a `=`, whose address is passed. `int80` or
// `x32` before the name makes it one of another ABI. Writes a line for each: `refused MESSAGE`,
// `returned NUMBER`, `ended` for a call that does not return, or `killed SIGNAL`.

import CSandboxProbe
import CSeccomp
import Glibc
import Sandbox
import SystemCalls

var words = CommandLine.arguments.dropFirst()
let policyName = words.popFirst() ?? ""
var grants = SandboxGrants()
while let word = words.popFirst() {
  switch word {
  case "--sockets": grants.hasSockets = true
  case "--threads": grants.hasThreads = true
  case "--locked-personality":
    guard probe_lock_personality() == 0 else { fatalError("personality(2) cannot be locked") }
  case "--dir", "--ro-dir":
    let path = words.popFirst() ?? ""
    let folder = try FileDescriptor.currentDirectory.open(path, .directory).take()
    grants.directories.append(
      DirectoryRule(descriptor: folder, hostPath: path, isReadOnly: word == "--ro-dir"))
  default: fatalError("unknown option \(word)")
  }
}
let policy =
  switch policyName {
  case "compiler": SandboxPolicy.compiler
  case "tier-compiler": SandboxPolicy.tierCompiler
  default: SandboxPolicy.runner(grants)
  }
try ProbedCall.makeAll(policy)
