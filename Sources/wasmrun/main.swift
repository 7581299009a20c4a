// wasmrun, the runner.

import CommandLineTool
import SystemCalls

endProcess(status: CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).code)
