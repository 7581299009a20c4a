;; Copies standard input to standard output.
;;
;;   wasmrun copy.wat < file
(module
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (func (export "_start")
    (block $end
      (loop $more
        (i32.store (i32.const 0) (i32.const 65536))
        (i32.store (i32.const 4) (i32.const 65536))
        (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))
          (then (call $proc_exit (i32.const 1))))
        (br_if $end (i32.eqz (i32.load (i32.const 8))))
        (call $write (i32.load (i32.const 8)))
        (br $more))))
  ;; A pipe may take less than it is given.
  (func $write (param $count i32)
    (local $done i32)
    (loop $rest
      (i32.store (i32.const 0) (i32.add (i32.const 65536) (local.get $done)))
      (i32.store (i32.const 4) (i32.sub (local.get $count) (local.get $done)))
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
        (then (call $proc_exit (i32.const 1))))
      (local.set $done (i32.add (local.get $done) (i32.load (i32.const 8))))
      (br_if $rest (i32.lt_u (local.get $done) (local.get $count))))))
