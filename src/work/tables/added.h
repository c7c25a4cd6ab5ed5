#pragma once

// Columns that stand behind those of a file.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace tastevin::tables {

enum class ValueType : std::uint8_t { text, number, count, truth, numbers, texts, json };

struct AddedColumn {
  std::string name;
  ValueType type = ValueType::text;
  std::vector<std::string> elements;  // of numbers: what each is called where a list becomes columns
};

/// `name`, with `tastevin_` before it as often as that is taken.
template <class IsTaken>
std::string free_name(std::string name, const IsTaken& is_taken) {
  while (is_taken(name)) name.insert(0, "tastevin_");
  return name;
}

/// A value that is JSON: text where a form knows none.
struct JsonText {
  std::string json;
};

/// Of an added column's type; the first is no value.
using Value = std::variant<std::monostate, std::string, float, std::uint64_t, bool, std::vector<float>,
                           std::vector<std::string>, JsonText>;

/// A value for each added column.
using AddedValues = std::vector<Value>;

}  // namespace tastevin::tables
