#include "base/json.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/mapped_file.h"

namespace tastevin {
namespace {

std::string not_json_at(std::size_t byte) { return "not valid JSON at byte " + std::to_string(byte); }

/// Builds the value while nlohmann's parser reads, and stops at what we refuse. The maps that hold the objects find a
/// duplicate key at no cost of their own: a 9 MB tokenizer.json parses as fast as with the library's builder.
class Builder {
 public:
  Builder(const std::string& where, std::size_t most_levels, ErrorCode kind)
      : where_(where), most_levels_(most_levels), kind_(kind) {}

  Json take() { return std::move(root_); }

  [[noreturn]] void refuse(const std::string& why) const { throw Error(kind_, where_ + ": " + why); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string& /*spelling*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*members*/) { return open(Json::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*items*/) { return open(Json::array()); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    const auto [member, added] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(name));
    if (!added) refuse("duplicate key " + in_quotes(member->first));
    slot_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t byte, const std::string& /*token*/, const Json::exception& error) {
    constexpr int kOverflow = 406;  // as nlohmann numbers it
    refuse(error.id == kOverflow ? "a number larger than any double at byte " + std::to_string(byte)
                                 : not_json_at(byte));
  }

 private:
  /// Puts `value` where the text has it: the whole, the next item of the innermost array, the member of the last key.
  bool add(Json value) {
    if (!open_.empty() && open_.back()->is_array()) {
      slot_ = &open_.back()->get_ref<Json::array_t&>().emplace_back();
    }
    *slot_ = std::move(value);
    return true;
  }

  bool open(Json container) {
    if (open_.size() == most_levels_) refuse("JSON nested deeper than " + std::to_string(most_levels_));
    add(std::move(container));
    open_.push_back(slot_);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string& where_;
  std::size_t most_levels_;
  ErrorCode kind_;
  Json root_;
  Json* slot_ = &root_;      // where the next value goes
  std::vector<Json*> open_;  // the containers around it, outermost first
};

[[noreturn]] void wrong_type(const Json& value, const char* key, const char* expected, const JsonSource& source) {
  throw Error(source.kind,
              source.where + ": " + in_quotes(key) + ": expected " + expected + ", found " + quoted_json(value));
}

bool is_size(const Json& value, std::size_t limit) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= limit;
  if (value.is_number_integer()) {  // signed: negative, or made by code
    return value.get<std::int64_t>() >= 0 && static_cast<std::uint64_t>(value.get<std::int64_t>()) <= limit;
  }
  if (!value.is_number_float()) return false;
  constexpr double kExact = 9007199254740992;  // 2^53: beyond it a double no longer tells neighbours apart
  const double number = value.get<double>();
  return number >= 0 && number <= kExact && number == std::floor(number) && number <= static_cast<double>(limit);
}

std::size_t as_size(const Json& value, const char* key, std::size_t limit, const JsonSource& source) {
  const auto size = whole_number(value, limit);
  if (!size) wrong_type(value, key, ("a whole number from 0 to " + std::to_string(limit)).c_str(), source);
  return *size;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where, std::size_t most_levels, ErrorCode kind) {
  Builder builder(where, most_levels, kind);
  // nlohmann takes a NUL for the end of the text and would not see what follows it.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) builder.refuse(not_json_at(nul + 1));
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

Json read_json_object(const std::filesystem::path& path, std::size_t limit) {
  const MappedFile file(path);
  if (file.size() > limit) {
    throw Error(ErrorCode::too_large, path.string() + ": " + std::to_string(file.size()) + " bytes, at most " +
                                          std::to_string(limit) + " are read");
  }
  Json value = parse_json(file.text(), path.string());
  if (!value.is_object()) throw Error(ErrorCode::bad_checkpoint, path.string() + ": expected a JSON object");
  return value;
}

const Json* find_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const Json& require_member(const Json& object, const char* key, const JsonSource& source) {
  const Json* value = find_member(object, key);
  if (value == nullptr) throw Error(source.kind, source.where + ": no " + in_quotes(key));
  return *value;
}

std::string quoted_json(const Json& value) { return in_quotes(dumped(value)); }

std::optional<std::size_t> whole_number(const Json& value, std::size_t limit) {
  if (!is_size(value, limit)) return std::nullopt;
  return value.get<std::size_t>();
}

bool bool_or(const Json& object, const char* key, bool fallback, const JsonSource& source) {
  const Json* value = find_member(object, key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) wrong_type(*value, key, "true or false", source);
  return value->get<bool>();
}

std::string string_or(const Json& object, const char* key, const std::string& fallback, const JsonSource& source) {
  const Json* value = find_member(object, key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) wrong_type(*value, key, "a string", source);
  return value->get<std::string>();
}

double number_or(const Json& object, const char* key, double fallback, const JsonSource& source) {
  const Json* value = find_member(object, key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) wrong_type(*value, key, "a number", source);
  return value->get<double>();
}

std::size_t size_or(const Json& object, const char* key, std::size_t fallback, const JsonSource& source,
                    std::size_t limit) {
  const Json* value = find_member(object, key);
  return value == nullptr ? fallback : as_size(*value, key, limit, source);
}

std::size_t require_size(const Json& object, const char* key, const JsonSource& source, std::size_t limit) {
  return as_size(require_member(object, key, source), key, limit, source);
}

std::string require_string(const Json& object, const char* key, const JsonSource& source) {
  const Json& value = require_member(object, key, source);
  if (!value.is_string()) wrong_type(value, key, "a string", source);
  return value.get<std::string>();
}

}  // namespace tastevin
