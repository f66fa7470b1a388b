// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavComparison

/// Conditions that follow from those that are given.
struct TolerancesTests {
  @Test func aShareOfTheRowsRequiresALimitForRows() {
    var tolerances = Tolerances()
    #expect(tolerances.completed.decibels == Tolerances.standardDecibels)
    #expect(tolerances.completed.power == Tolerances.standardDecibels)
    tolerances.leastShareWithin = 0.99
    // It is a condition of its own: those of a reference do not take its place.
    #expect(!tolerances.isEmpty)
    #expect(tolerances.completed.decibels == Tolerances.standardDecibels)
    #expect(tolerances.completed.power == nil)
    tolerances.peakHertz = 1
    #expect(tolerances.completed.decibels == Tolerances.standardDecibels)
    tolerances.relative = 0.1
    #expect(tolerances.completed.decibels == nil)
  }
}
