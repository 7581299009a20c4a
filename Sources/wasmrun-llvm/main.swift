// The compiler as a program of its own, so that LLVM is loaded only where something is compiled.

import LLVMCompiler
import SystemCalls

let arguments = CommandLine.arguments
let tiersUp = arguments.count > 1 && arguments[1] == "tier"
endProcess(
  status: tiersUp ? TierCommand.run(arguments) : CompilerCommand.run(arguments))
