import Foundation

// The C library's functions under names of their own, as the reference for PortableMath and for expected probabilities.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
