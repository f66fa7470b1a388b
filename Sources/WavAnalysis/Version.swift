// SPDX-License-Identifier: GPL-2.0-or-later

/// The version of wavfft, by semantic versioning.
public let programVersion = "0.1.0"
