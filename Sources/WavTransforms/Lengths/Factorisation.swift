// SPDX-License-Identifier: GPL-2.0-or-later

/// The prime factors of a number >= 1, rising, with repetition.
///
/// - Complexity: O(sqrt(number)), by trial division.
public func primeFactors(of number: Int) -> [Int] {
  precondition(number >= 1, "positive number")
  var rest = number
  var factors: [Int] = []
  var candidate = 2
  while candidate * candidate <= rest {
    while rest % candidate == 0 {
      factors.append(candidate)
      rest /= candidate
    }
    candidate += candidate == 2 ? 1 : 2
  }
  if rest > 1 { factors.append(rest) }
  return factors
}

/// All divisors, rising, of the number with these prime factors.
func divisors(ofProduct factors: [Int]) -> [Int] {
  var result = [1]
  var previous = 0
  var power: [Int] = [1]
  for factor in factors {
    // The powers of a prime multiply the divisors found before that prime.
    power = factor == previous ? power.map { $0 * factor } : result.map { $0 * factor }
    previous = factor
    result += power
  }
  return result.sorted()
}

/// The smallest number >= `minimum` that has no prime factor above 7 and is a multiple of `unit`,
/// which has no prime factor above 7 either.
func smoothNumber(atLeast minimum: Int, multipleOf unit: Int) -> Int {
  let target = (minimum + unit - 1) / unit
  var best = Int.max
  var sevens = 1
  while sevens < best {
    var fives = sevens
    while fives < best {
      var threes = fives
      while threes < best {
        var candidate = threes
        while candidate < target { candidate *= 2 }
        best = min(best, candidate)
        if threes >= target { break }
        threes *= 3
      }
      if fives >= target { break }
      fives *= 5
    }
    if sevens >= target { break }
    sevens *= 7
  }
  return best * unit
}

/// The greatest number <= `limit` >= 1 that has no prime factor above 7.
///
/// - Complexity: O(log `limit`) for each number that is tried; neighbouring ones are a few per cent apart at most.
public func smoothNumber(atMost limit: Int) -> Int {
  var number = limit
  while number > 1 {
    var rest = number
    for prime in [2, 3, 5, 7] { while rest % prime == 0 { rest /= prime } }
    if rest == 1 { break }
    number -= 1
  }
  return max(1, number)
}

/// The number near `target` >= 1 that has no prime factor above 7; the greater of two that are equally near.
public func smoothNumber(near target: Int) -> Int {
  let (low, high) = (smoothNumber(atMost: target), smoothNumber(atLeast: target, multipleOf: 1))
  return target - low < high - target ? low : high
}
