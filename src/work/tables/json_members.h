#pragma once

// The members of a JSON object as bytes: a table keeps `1.10` and the digits of large numbers.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::tables {

/// A member by its place in the object's text, which outlives moves of that text.
struct JsonMember {
  std::string name;
  std::size_t begin = 0;  // of the value
  std::size_t size = 0;

  std::string_view value(std::string_view object) const { return object.substr(begin, size); }
};

/// The members of `object`, which must be the valid JSON of an object, in its order.
std::vector<JsonMember> json_members(std::string_view object);

/// What a column holds of a JSON value: the text of a string, nothing of null, the bytes of any other.
std::string cell_of(std::string_view value);

}  // namespace tastevin::tables
