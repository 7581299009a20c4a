;; Blocks and functions with several parameters and results; exits with 0 if all is right.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $divmod (param $x i32) (param $y i32) (result i32 i32)
    (i32.div_u (local.get $x) (local.get $y))
    (i32.rem_u (local.get $x) (local.get $y)))
  (func $six (result i32 i64 f32 f64 i32 i64)
    (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i64.const 6))
  (func $sum_six (result i64)
    (local $total i64)
    call $six
    local.set $total
    i64.extend_i32_s local.get $total i64.add local.set $total
    i64.trunc_f64_s local.get $total i64.add local.set $total
    i64.trunc_f32_s local.get $total i64.add local.set $total
    local.get $total i64.add local.set $total
    i64.extend_i32_s local.get $total i64.add)
  (func $factorial (param $n i64) (result i64)
    (i64.const 1) (local.get $n)
    (loop $again (param i64 i64) (result i64)
      (local.set $n)
      (i64.mul (local.get $n))
      (i64.sub (local.get $n) (i64.const 1))
      (local.tee $n)
      (br_if $again (i64.gt_s (local.get $n) (i64.const 1)))
      (drop)))
  (func (export "_start")
    (call $divmod (i32.const 47) (i32.const 10))
    (if (i32.ne (i32.const 7)) (then (call $exit (i32.const 1))))
    (if (i32.ne (i32.const 4)) (then (call $exit (i32.const 2))))
    (if (i64.ne (call $sum_six) (i64.const 21)) (then (call $exit (i32.const 3))))
    (if (i64.ne (call $factorial (i64.const 20)) (i64.const 2432902008176640000))
      (then (call $exit (i32.const 4))))))
