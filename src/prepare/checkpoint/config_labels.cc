#include "prepare/checkpoint/config_labels.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"

namespace tastevin::checkpoint {
namespace {

std::string numbered_label(std::size_t id) { return "LABEL_" + std::to_string(id); }

/// A key as Python's `int` reads it: blanks around it, a plus sign and leading zeros do not matter.
std::optional<std::size_t> label_id(std::string_view key) {
  constexpr std::string_view kBlanks = " \t\n\r\v\f";
  key.remove_prefix(std::min(key.find_first_not_of(kBlanks), key.size()));
  key = key.substr(0, key.find_last_not_of(kBlanks) + 1);
  if (key.starts_with('+')) key.remove_prefix(1);
  const auto id = ascii::number<std::size_t>(key);
  return id && *id < kMaxLabels ? id : std::nullopt;
}

/// Labels are strings; a number or truth value is taken as JSON spells it, as an answer would print it.
std::string label_text(std::size_t id, const Json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return numbered_label(id);
  if (value.is_structured()) {
    bad_checkpoint(where, "'id2label': id " + std::to_string(id) + ": expected a string, found " + quoted_json(value));
  }
  return value.dump();
}

std::map<std::size_t, std::string> label_map(const Json& id2label, const std::string& where) {
  if (!id2label.is_object() || id2label.empty()) {
    bad_checkpoint(where, "'id2label': expected an object from id to label, found " + quoted_json(id2label));
  }
  std::map<std::size_t, std::string> map;
  for (const auto& [key, value] : id2label.items()) {
    const std::optional<std::size_t> id = label_id(key);
    if (!id) {
      bad_checkpoint(
          where, "'id2label': expected ids from 0 to " + std::to_string(kMaxLabels - 1) + ", found " + in_quotes(key));
    }
    if (!map.emplace(*id, label_text(*id, value, where)).second) {
      bad_checkpoint(where, "'id2label': id " + std::to_string(*id) + " is given twice");
    }
  }
  return map;
}

std::vector<std::string> labels_of(std::map<std::size_t, std::string> map) {
  std::vector<std::string> names = numbered_labels(map.rbegin()->first + 1);
  for (auto& [id, name] : map) names[id] = std::move(name);
  return names;
}

}  // namespace

std::vector<std::string> numbered_labels(std::size_t count) {
  std::vector<std::string> names(count);
  for (std::size_t id = 0; id < count; ++id) names[id] = numbered_label(id);
  return names;
}

DeclaredLabels read_labels(const Json& config, std::size_t fallback, const std::string& where) {
  if (const Json* id2label = find_member(config, "id2label")) return {labels_of(label_map(*id2label, where)), true};
  if (find_member(config, "num_labels") == nullptr) return {numbered_labels(fallback), false};
  const std::size_t count = require_size(config, "num_labels", where, kMaxLabels);
  if (count == 0) bad_checkpoint(where, "'num_labels': expected at least 1, found 0");
  return {numbered_labels(count), true};
}

}  // namespace tastevin::checkpoint
