// SPDX-License-Identifier: GPL-2.0-or-later

/// The chirp w[n] = exp(-pi i n^2 / N) of Bluestein's algorithm, laid out in columns.
///
/// In the block that begins at column m0, column d of a row has the sample index c + d with c = row
/// * J + m0, so that w[c + d] = w[c] * exp(-2 pi i row J d / N) * exp(-2 pi i m0 d / N) * w[d]: one
/// number for the row, a table that all blocks share, and a few numbers for the block. Squares are
/// reduced modulo 2N exactly, in integers; the unit roots are in double precision.
struct Chirp<Scalar: FFTWScalar> {
  /// N.
  let length: Int
  private let rowLength: Int
  private let pitch: Int
  private let roots: UnitRoots
  /// exp(-2 pi i row J d / N) as [row][d], interleaved complex.
  private let table: AlignedBuffer<Scalar>
  private let block: AlignedBuffer<Scalar>

  /// Prepares rows 0 ..< `rowCount`, with `pitch` columns in a block and `rowLength` = J.
  init(length: Int, rowCount: Int, rowLength: Int, pitch: Int) {
    self.length = length
    self.rowLength = rowLength
    self.pitch = pitch
    roots = UnitRoots(order: 2 * length)
    table = AlignedBuffer(count: 2 * rowCount * pitch)
    block = AlignedBuffer(count: 2 * pitch)
    for row in 0..<rowCount {
      let step = 2 * (row * rowLength % length)
      for column in 0..<pitch {
        let root = roots[step * column % (2 * length)]
        table.base[2 * (row * pitch + column)] = Scalar(root.x)
        table.base[2 * (row * pitch + column) + 1] = Scalar(root.y)
      }
    }
  }

  /// w[n] for any integer n, in double precision.
  func value(at n: Int) -> SIMD2<Double> { roots[square(n)] }

  /// n^2 modulo 2N.
  private func square(_ n: Int) -> Int {
    let order = UInt(2 * length)
    let rest = n.magnitude % order
    return Int(order.dividingFullWidth(rest.multipliedFullWidth(by: rest)).remainder)
  }

  /// The state of a walk down the rows of a block: c^2 modulo 2N, updated by integer differences.
  struct Walk {
    fileprivate var index: Int
    fileprivate var step: Int
    fileprivate let acceleration: Int
  }

  /// Starts at a row of the block that begins at `column`, with indices shifted by `offset`;
  /// prepares the numbers of the block.
  func start(column: Int, row: Int, offset: Int) -> Walk {
    let order = 2 * length
    let shift = column + offset
    for d in 0..<pitch {
      let angle = (2 * (modulo(shift, length) * d % length) + square(d)) % order
      let root = roots[angle]
      block.base[2 * d] = Scalar(root.x)
      block.base[2 * d + 1] = Scalar(root.y)
    }
    return walk(from: shift + row * rowLength)
  }

  /// Starts at index c; the steps are J.
  private func walk(from c: Int) -> Walk {
    let order = 2 * length
    // (c + J)^2 - c^2 = 2 J c + J^2, which increases by 2 J^2 per row.
    return Walk(
      index: square(c),
      step: (2 * moduloProduct(rowLength, c, order) + square(rowLength)) % order,
      acceleration: 2 * square(rowLength) % order)
  }

  /// The number at the place of a walk, in double precision; advances to the next place.
  @inline(__always)
  func next(_ walk: inout Walk) -> SIMD2<Double> {
    let root = roots[walk.index]
    walk.index &+= walk.step
    if walk.index >= 2 &* length { walk.index &-= 2 &* length }
    walk.step &+= walk.acceleration
    if walk.step >= 2 &* length { walk.step &-= 2 &* length }
    return root
  }

  /// The factors that turn conjugate convolutions into bins k, k + J, k + 2J, … of samples counted from Q.
  ///
  /// With n = m + Q is exp(-2 pi i k n / N) = exp(-2 pi i k Q / N) w[k] w[m] conj w[k - m]. The first two
  /// factors are w[k + Q] conj w[Q].
  func factors(bin k: Int, from q: Int) -> Walk {
    var walk = walk(from: k + q)
    walk.index = modulo(walk.index - square(q), 2 * length)
    return walk
  }

  /// Turns conjugate convolutions into bins k, k + J, k + 2J, … (``factors(bin:from:)``), which are stored
  /// `distance` complex numbers apart; in place, if that is 1.
  @inline(__always)
  func finish(
    _ numbers: UnsafePointer<Scalar>, count: Int, bin k: Int, from q: Int,
    to output: UnsafeMutablePointer<Scalar>, distance: Int
  ) {
    var factors = factors(bin: k, from: q)
    for index in 0..<count {
      let number = SIMD2(Double(numbers[2 &* index]), -Double(numbers[2 &* index &+ 1]))
      let product = complexProduct(next(&factors), number)
      let target = output + 2 &* index &* distance
      (target[0], target[1]) = (Scalar(product.x), Scalar(product.y))
    }
  }

  /// Writes the chirp of one row of the block, times `scale`, and advances to the next row.
  @inline(__always)
  func next(
    _ walk: inout Walk, row: Int, scale: Double, to output: UnsafeMutablePointer<Scalar>
  ) {
    let root = next(&walk)
    let coarse = SIMD2(Scalar(root.x * scale), Scalar(root.y * scale))
    let first = UnsafeRawPointer(table.base + 2 &* row &* pitch)
    let second = UnsafeRawPointer(block.base)
    let target = UnsafeMutableRawPointer(output)
    var offset = 0
    while offset < 2 &* pitch &* MemoryLayout<Scalar>.stride {
      let a = first.load(fromByteOffset: offset, as: SIMD4<Scalar>.self)
      let b = second.load(fromByteOffset: offset, as: SIMD4<Scalar>.self)
      let product = complexProduct(complexProduct(a, coarse), b)
      target.storeBytes(of: product, toByteOffset: offset, as: SIMD4<Scalar>.self)
      offset &+= MemoryLayout<SIMD4<Scalar>>.stride
    }
  }
}
