// wasmrun, the runner.

import CommandLineTool
import SystemCalls

endProcess(status: WasmrunTool.run(Array(CommandLine.arguments.dropFirst())).code)
