#include "work/tables/labels.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "base/error.h"
#include "base/json.h"

namespace tastevin::tables {

std::size_t label_id(const std::string& label, const std::vector<std::string>& labels, const std::string& where) {
  const auto found = std::ranges::find(labels, label);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  // Programs that know no missing whole numbers write ids as 1.0.
  const auto id = ascii::number<std::size_t>(label.ends_with(".0") ? label.substr(0, label.size() - 2) : label);
  if (id && *id < labels.size()) return *id;
  std::string known = list_in_quotes(std::span(labels).first(std::min<std::size_t>(labels.size(), 8)));
  if (labels.size() > 8) known += ", ...";
  throw Error(ErrorCode::invalid_argument,
              where + ": expected a label of the model (" + known + ") or its id, found " + in_quotes(label));
}

std::vector<std::string> label_list(const std::string& given, const std::vector<std::string>& labels,
                                    const std::string& where) {
  const std::string list = ascii::trimmed(given);
  std::vector<std::string> items;
  if (list.starts_with('[')) {
    for (const Json& item : parse_json(list, where, kMostJsonLevels, ErrorCode::invalid_argument)) {
      if (!item.is_string() && !item.is_number_integer())
        throw Error(ErrorCode::invalid_argument,
                    where + ": expected a list of labels or ids, found " + in_quotes(item.dump()) + " in it");
      items.push_back(item.is_string() ? item.get<std::string>() : item.dump());
    }
    return items;
  }
  if (std::ranges::find(labels, list) != labels.end()) return {list};
  // The first of them that occurs: the others may be part of a label's name.
  const std::size_t separator = std::string_view("|;,").find_first_of(list);
  const char between = separator == std::string_view::npos ? ',' : "|;,"[separator];
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(between, begin), list.size());
    std::string item = ascii::trimmed(list.substr(begin, end - begin));
    if (!item.empty()) items.push_back(std::move(item));
    begin = end + 1;
  }
  return items;
}

}  // namespace tastevin::tables
