#pragma once

// The parts of a text that are taken out in turn.

#include <cstddef>
#include <string>
#include <vector>

#include "tastevin/explain.h"

namespace tastevin::occlusion {

/// A part of a text, in code points and in bytes.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t begin_byte = 0;
  std::size_t end_byte = 0;
};

/// The words or sentences of `text`, which is valid UTF-8. A sentence ends after . ! ? and a blank, after a full stop
/// of CJK, and at a line break; blanks around it are not part of it.
std::vector<Part> parts_of(const std::string& text, Unit unit, const Classifier& classifier);

/// `text` without `part` and the blanks after it, or with `mask` in its place where there is one.
std::string without(const std::string& text, const Part& part, const std::string& mask);

}  // namespace tastevin::occlusion
