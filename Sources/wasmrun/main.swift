// wasmrun, the runner.

import CommandLineTool
import SystemCalls

CurrentProcess.exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).code)
