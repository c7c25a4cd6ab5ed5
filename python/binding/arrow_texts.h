#pragma once

// The texts of one array of Arrow, in each of the layouts that texts come in, and what can be told of whether an array
// is what its type says. A producer may lie, or mix up what it hands on: no number of it is trusted. What the interface
// does not tell stays unknown: how long a buffer is, and which of the three layouts of strings is in three of them.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "arrow_c.h"

namespace tastevin::python {

/// The texts of one array, which must outlive it; a null is nothing. `row` counts from the array's own offset.
class ArrowTexts {
 public:
  virtual ~ArrowTexts() = default;
  /// Throws `Error{invalid_argument}` for a place that lies outside of the array.
  virtual std::optional<std::string_view> at(std::size_t row) const = 0;
};

/// Throws `Error{invalid_argument}` for a type that is none. Nothing else may be asked of such a one.
void check_type(const ArrowSchema& type);

/// Of a type that was checked: whether it is a struct, or arrays of it hold texts. (A null's arrays do: missing ones.)
bool is_struct(const ArrowSchema& type);
bool is_text(const ArrowSchema& type);

/// Throws `Error{invalid_argument}` for an array without the parts that a struct or texts of this type have.
void check_array(const ArrowSchema& type, const ArrowArray& array);

/// Whether there is something in this row of an array that was checked. `row` counts from the array's own offset.
bool is_valid(const ArrowArray& array, std::size_t row);

/// Throws `Error{invalid_argument}` as `check_array` does, and for a type that holds no texts.
std::unique_ptr<ArrowTexts> arrow_texts(const ArrowSchema& type, const ArrowArray& array);

}  // namespace tastevin::python
