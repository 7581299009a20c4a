// wasmrun, the runner.

import CommandLineTool
import SystemCalls

endProcess(
  status: WasmrunTool.run(
    ProcessEnvironment.arguments, calledAs: ProcessEnvironment.programName
  ).code)
