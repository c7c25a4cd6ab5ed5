#include "work/tables/labels.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace tastevin::tables {

std::size_t label_id(const std::string& label, const std::vector<std::string>& labels, const std::string& where) {
  const auto found = std::ranges::find(labels, label);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  std::size_t id = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), id);
  if (error == std::errc() && end == label.data() + label.size() && id < labels.size()) return id;
  std::string known;
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 8); ++i) {
    known += (i > 0 ? ", " : "") + in_quotes(labels[i]);
  }
  if (labels.size() > 8) known += ", ...";
  throw Error(ErrorCode::invalid_argument,
              where + ": expected a label of the model (" + known + ") or its id, found " + in_quotes(label));
}

}  // namespace tastevin::tables
