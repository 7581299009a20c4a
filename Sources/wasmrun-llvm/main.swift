print("wasmrun-llvm")
