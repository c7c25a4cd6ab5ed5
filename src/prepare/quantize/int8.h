#pragma once

// Weights as signed bytes with one scale for each output, in the pattern that the CPU plugin computes with as it is:
// Constant(i8) -> Convert -> Multiply(scales).

#include <string>
#include <vector>

#include "prepare/quantize/sites.h"

namespace tastevin::int8 {

/// The largest magnitude of a weight's code.
constexpr float kLargestCode = 127;

/// The same for a CPU without VNNI and AMX, which adds two products of bytes in 16 bits: 2 * 255 * 64 = 32,640 still
/// fits, so no sum saturates.
constexpr float kLargestCodeIn16Bits = 64;

/// A matrix by rows.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;

  float* row(std::size_t index) { return values.data() + index * columns; }
  const float* row(std::size_t index) const { return values.data() + index * columns; }
};

/// The weights of `product`, a row for each output.
Matrix weights_of(const Product& product);

/// `matrix` with each column multiplied by its factor.
Matrix scaled(Matrix matrix, const std::vector<float>& factors);

/// Each row of `matrix` replaced by what its bytes stand for: multiples of its largest magnitude / `largest_code`.
Matrix rounded(const Matrix& matrix, float largest_code = kLargestCode);

/// `matrix` as bytes, a scale a row: [rows, columns].
Value as_int8(const Matrix& matrix, const std::string& name, float largest_code = kLargestCode);

/// `input` with each channel (its last axis) divided by its divisor; `input` itself where all are 1.
Value divided(const Value& input, const std::vector<float>& divisors);

/// Lets `product` compute with `weights`, [out, in].
void replace_weights(const Product& product, const Value& weights);

/// The words' table of `lookup` as bytes: codes and scales are looked up apart and multiplied after, since a table that
/// is multiplied first would be folded to f32 when it is compiled.
void quantize_lookup(const std::shared_ptr<ov::Node>& lookup);

}  // namespace tastevin::int8
