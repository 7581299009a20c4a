;; Loads that decide only which of two ways without effect is taken.

(module
  (memory 1 1)
  (global $g (mut i32) (i32.const 0))
  ;; All ways out are the same.
  (func (export "leave") (param i32)
    (br_if 0 (i32.load (local.get 0)))
    (br_if 0 (f64.lt (f64.convert_i32_s (local.get 0)) (f64.const 5))))
  ;; Several blocks lie between the load and where the ways meet.
  (func (export "ways") (param i32) (result i32) (local f64)
    (block
      (br_if 0 (i32.load8_u (local.get 0)))
      (if (i32.gt_u (local.get 0) (i32.const 100))
        (then (local.set 1 (f64.const 1)))
        (else (local.set 1 (f64.convert_i32_s (local.get 0)))))
      (br_if 0 (f64.gt (local.get 1) (f64.const 10))))
    (global.set $g (i32.add (global.get $g) (i32.const 1)))
    (global.get $g))
  (func (export "switch") (param i32)
    (block (block (block
      (br_table 0 1 2 0 (i32.load (local.get 0))))
      (br 1))
      (br 0)))
  ;; Comparisons whose end the load's type tells.
  (func (export "range") (param i32) (result i32)
    (i32.lt_u (i32.load8_u (local.get 0)) (i32.const 300)))
  (func (export "convert") (param i32)
    (drop (i64.trunc_f32_u (f32.convert_i64_s (i64.load8_u (local.get 0))))))
  ;; The same constant from all ways.
  (func (export "constant") (param i32) (result i32)
    (if (i32.load (local.get 0)) (then (return (i32.const 7))))
    (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
    (i32.const 7)))

(assert_return (invoke "leave" (i32.const 65532)))
(assert_trap (invoke "leave" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "leave" (i32.const -1)) "out of bounds memory access")
(assert_return (invoke "ways" (i32.const 65535)) (i32.const 1))
(assert_trap (invoke "ways" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "ways" (i32.const 65535)) (i32.const 2))
(assert_return (invoke "switch" (i32.const 65532)))
(assert_trap (invoke "switch" (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "range" (i32.const 65535)) (i32.const 1))
(assert_trap (invoke "range" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "convert" (i32.const 65535)))
(assert_trap (invoke "convert" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "constant" (i32.const 65532)) (i32.const 7))
(assert_trap (invoke "constant" (i32.const 65533)) "out of bounds memory access")

;; Vectors of which LLVM knows that no lane, or no bit, of the load is of use.
(module
  (memory 1 1)
  (func (export "high") (param i32) (result v128)
    (i16x8.extend_high_i8x16_u (v128.load64_zero (local.get 0))))
  (func (export "bits") (param i32) (result i32)
    (i64x2.bitmask (i32x4.extadd_pairwise_i16x8_u (v128.load16_splat (local.get 0)))))
  (func (export "shifted") (param i32) (result v128)
    (i16x8.shr_u (v128.load8x8_u (local.get 0)) (i32.const 8)))
  (func (export "lanes") (param i32) (result i32)
    (i32x4.extract_lane 3 (v128.load32_zero (local.get 0))))
  (func (export "compared") (param i32) (result v128)
    (i32x4.gt_s (v128.load16x4_u (local.get 0)) (v128.const i32x4 70000 70000 70000 70000))))

(assert_return (invoke "high" (i32.const 65528)) (v128.const i64x2 0 0))
(assert_trap (invoke "high" (i32.const 65529)) "out of bounds memory access")
(assert_return (invoke "bits" (i32.const 65534)) (i32.const 0))
(assert_trap (invoke "bits" (i32.const 65535)) "out of bounds memory access")
(assert_return (invoke "shifted" (i32.const 65528)) (v128.const i64x2 0 0))
(assert_trap (invoke "shifted" (i32.const 65529)) "out of bounds memory access")
(assert_return (invoke "lanes" (i32.const 65532)) (i32.const 0))
(assert_trap (invoke "lanes" (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "compared" (i32.const 65528)) (v128.const i64x2 0 0))
(assert_trap (invoke "compared" (i32.const 65529)) "out of bounds memory access")
