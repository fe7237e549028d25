"""Fits the rational functions of `src/kernel/math/single.rs` and prints their coefficients.

x P(x^2) / Q(x^2) with Q(0) = 1 that comes close to a function on [0, end] in relative error, by
least squares that are reweighted until the largest error is as small as it gets.

Needs numpy and mpmath: `python3 fit.py`
"""

import mpmath
import numpy


def fit(function, end, p_degree, q_degree, points=2000, rounds=400):
    nodes = numpy.cos(numpy.pi * (numpy.arange(points) + 0.5) / points)
    x = end / 2 * (1 + nodes)
    x = x[x > 1e-6]
    y = numpy.array([float(function(mpmath.mpf(float(v)))) for v in x])
    s = (x / end) ** 2
    q, weight, best = numpy.ones_like(s), numpy.ones_like(s), None
    for _ in range(rounds):
        # x P - y Q = 0 is linear in the coefficients.
        columns = [x * s**i for i in range(p_degree + 1)]
        columns += [-y * s**i for i in range(1, q_degree + 1)]
        scale = numpy.sqrt(weight) / numpy.abs(q * y)
        matrix = numpy.stack(columns, 1) * scale[:, None]
        norms = numpy.linalg.norm(matrix, axis=0)
        c = numpy.linalg.lstsq(matrix / norms, y * scale, rcond=None)[0] / norms
        p_c, q_c = c[: p_degree + 1], numpy.concatenate([[1], c[p_degree + 1 :]])
        q = numpy.polyval(q_c[::-1], s)
        error = numpy.abs(x * numpy.polyval(p_c[::-1], s) / q / y - 1)
        if best is None or error.max() < best[0]:
            powers = lambda c: c / float(end) ** (2 * numpy.arange(len(c)))
            best = error.max(), powers(p_c), powers(q_c)
        weight *= error / error.max() + 1e-3
        weight /= weight.sum()
    return best


for name, function, end, degrees in [
    ("tanh", mpmath.tanh, 9, (4, 4)),
    ("erf", mpmath.erf, 3.92, (5, 5)),
    # For ln(m) with m between sqrt(1/2) and sqrt(2), and for ln(1 + t) with t from 0 to 1.
    ("artanh, near 0", mpmath.atanh, (2**0.5 - 1) / (2**0.5 + 1), (3, 0)),
    ("artanh", mpmath.atanh, 1 / 3, (5, 0)),
]:
    error, p, q = fit(function, end, *degrees)
    print(name, "relative error", error)
    for letter, coefficients in ("p", p), ("q", q):
        print(letter, [str(numpy.float32(c)) for c in coefficients])
