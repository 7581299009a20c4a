print("wasmrun")
