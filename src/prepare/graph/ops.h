#pragma once

// Small words over OpenVINO's operations, so that blocks and families read as the formulas that they are.

#include <cstdint>
#include <string>
#include <vector>

#include <openvino/core/node.hpp>

namespace tastevin::graph {

/// What one operation gives to the next.
using Value = ov::Output<ov::Node>;

Value scalar(float value);
Value scalar(std::int64_t value);
Value integers(const std::vector<std::int64_t>& values);

Value add(const Value& left, const Value& right);
Value subtract(const Value& left, const Value& right);
Value multiply(const Value& left, const Value& right);

/// `x` [.., in] times the transpose of `weight` [.., out, in].
Value multiply_transposed(const Value& x, const Value& weight);

/// `yes` where `condition` holds, else `no`.
Value choose(const Value& condition, const Value& yes, const Value& no);

/// `x` with axes of size 1 put in at `axes` of the result.
Value unsqueeze(const Value& x, const std::vector<std::int64_t>& axes);

/// Integers or floats `x`, as floats or integers.
Value as_floats(const Value& x);
Value as_integers(const Value& x);

/// Integers `x`, cut to the range from `low` to `high`.
Value clip(const Value& x, std::int64_t low, std::int64_t high);

/// `table` [rows, width] at `ids` [..]: [.., width].
Value look_up(const Value& table, const Value& ids);

/// Size of `x` along `axis`, as a scalar.
Value size_along(const Value& x, std::int64_t axis);

/// Size of the last axis, which the builder always knows.
std::size_t width_of(const Value& x);

/// Puts an anchor (base/anchors.h) on `x` and returns it.
Value anchored(const Value& x, const char* name);

}  // namespace tastevin::graph
