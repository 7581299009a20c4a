;; Prints the file 'input.txt' of the first folder that is granted, and leaves a copy of it there,
;; 'output.txt'. Exits with the number of WASI's error where one of that fails: 8 (badf) without a
;; folder, 44 (noent) without a file, 76 (notcapable) or 69 (rofs) where the folder is read-only.
;;
;;   wasmrun --dir . files.wat
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 16) "input.txt")
  (data (i32.const 32) "output.txt")

  (func $check (param $error i32)
    (if (local.get $error) (then (call $proc_exit (local.get $error)))))

  (func (export "_start")
    (local $count i32)
    ;; To read, for which fd_read's right (2) is asked.
    (call $check
      (call $path_open (i32.const 3) (i32.const 1) (i32.const 16) (i32.const 9)
        (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 48)))
    (i32.store (i32.const 0) (i32.const 65536))
    (i32.store (i32.const 4) (i32.const 65536))
    (call $check
      (call $fd_read (i32.load (i32.const 48)) (i32.const 0) (i32.const 1) (i32.const 8)))
    (local.set $count (i32.load (i32.const 8)))
    (i32.store (i32.const 4) (local.get $count))
    (call $check (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    ;; Created (1) and emptied (8), to write (64).
    (call $check
      (call $path_open (i32.const 3) (i32.const 1) (i32.const 32) (i32.const 10)
        (i32.const 9) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 48)))
    (call $check
      (call $fd_write (i32.load (i32.const 48)) (i32.const 0) (i32.const 1) (i32.const 8)))))
