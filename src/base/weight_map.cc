#include "base/weight_map.h"

#include "base/error.h"

namespace tastevin {
namespace {

/// A name that stays in the folder of the index, whatever the index says.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string("/\\\0", 3)) == std::string::npos;
}

}  // namespace

std::map<std::string, std::string> weight_map_of(const Json& index, const std::string& where) {
  const Json* found = index.is_object() ? find_member(index, "weight_map") : nullptr;
  if (found == nullptr || !found->is_object() || found->empty())
    throw Error(ErrorCode::bad_checkpoint, where + ": 'weight_map': expected an object from tensor to file");
  std::map<std::string, std::string> map;
  for (const auto& [tensor, file] : found->items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>())) {
      throw Error(ErrorCode::bad_checkpoint, where + ": tensor " + in_quotes(tensor, 200) +
                                                 ": expected the name of a file in this folder, found " +
                                                 quoted_json(file));
    }
    map.emplace(tensor, file.get<std::string>());
  }
  return map;
}

}  // namespace tastevin
