// SPDX-License-Identifier: GPL-2.0-or-later

/// The non-negative remainder.
@inline(__always)
func modulo(_ value: Int, _ order: Int) -> Int {
  let rest = value % order
  return rest < 0 ? rest + order : rest
}

/// a * b modulo `order` > 0, not negative, without overflow.
func moduloProduct(_ a: Int, _ b: Int, _ order: Int) -> Int {
  let (x, y) = (UInt(modulo(a, order)), UInt(modulo(b, order)))
  return Int(UInt(order).dividingFullWidth(x.multipliedFullWidth(by: y)).remainder)
}
