// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-2.0-or-later

import PackageDescription

let wavFFT = Target.Dependency.product(name: "WavFFT", package: "wavfft")

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "wavfft", path: "..")],
  targets: [
    .executableTarget(name: "strongest-notes", dependencies: [wavFFT]),
    .executableTarget(name: "peaks", dependencies: [wavFFT]),
    .executableTarget(name: "tour", dependencies: [wavFFT]),
  ],
  swiftLanguageModes: [.v6]
)
