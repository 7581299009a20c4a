// The compiler as a program of its own, so that LLVM is loaded only where something is compiled.

import LLVMCompiler
import SystemCalls

endProcess(status: CompilerCommand.run(CommandLine.arguments))
