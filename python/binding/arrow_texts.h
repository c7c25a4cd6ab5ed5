#pragma once

// The texts of one array of Arrow, in each of the layouts that texts come in.

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
  virtual std::optional<std::string_view> at(std::size_t row) const = 0;
};

/// Whether arrays of this type hold texts.
bool is_text(const ArrowSchema& type);

/// Throws `Error{invalid_argument}` for a type that holds none.
std::unique_ptr<ArrowTexts> arrow_texts(const ArrowSchema& type, const ArrowArray& array);

}  // namespace tastevin::python
