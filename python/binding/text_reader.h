#pragma once

// What a caller hands in as texts, read a block at a time: a list, an iterator, a NumPy array, a column of pandas,
// polars or Arrow. No text is copied; the views of a block stand in the caller's own memory, which the reader holds on
// to until the next block. All of it needs the GIL; the views do not.

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tastevin/text.h"

namespace tastevin::python {

class TextReader {
 public:
  virtual ~TextReader() = default;

  /// How many texts there will be, where that is known.
  virtual std::optional<std::size_t> size() const = 0;

  /// The next texts, `most` at most; none at the end. Throws `Error{invalid_argument}` that names the text by its
  /// number for what is none.
  virtual std::span<const Text> next(std::size_t most) = 0;
};

/// `column` names the one to read of a table; empty: its only one, or the one called text (with text_pair, where there
/// is such a one, as pairs), sentence or content. Throws `Error{invalid_argument}` for what holds no texts.
std::unique_ptr<TextReader> open_texts(nanobind::handle texts, const std::string& column);

/// How many things `texts` holds, where it tells.
std::optional<std::size_t> length_of(nanobind::handle texts);

/// Whether it is one text (or pair) and not several: a str, bytes or a dict.
bool is_one_text(nanobind::handle texts);

/// One text: a str, bytes in UTF-8, a pair of both as tuple or list, or a dict with "text" and perhaps "text_pair". The
/// views stand in the objects that are put into `kept`.
Text text_from(nanobind::handle item, const std::string& name, std::vector<nanobind::object>& kept);

}  // namespace tastevin::python
