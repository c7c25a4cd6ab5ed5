#include "classify/tokenizer/post_processors.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "base/error.h"
#include "classify/tokenizer/component_table.h"

namespace tastevin::tokenizer {
namespace {

using Kind = TemplatePart::Kind;

constexpr std::size_t kMaxId = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxTypeId = std::numeric_limits<std::uint8_t>::max();

TemplatePart special(std::int32_t id, std::uint8_t type_id = 0) { return {Kind::special, id, type_id}; }

[[noreturn]] void refuse(const std::string& where, const std::string& what, const Json& found) {
  throw Error(ErrorCode::bad_checkpoint, where + ": expected " + what + ", found " + quoted_json(found));
}

void append_special(const Json& part, const Json& tokens, std::vector<TemplatePart>& out, const std::string& where) {
  const std::string name = require_string(part, "id", where);
  const auto type_id = static_cast<std::uint8_t>(require_size(part, "type_id", where, kMaxTypeId));
  const auto token = tokens.find(name);
  if (token == tokens.end() || !token->is_object()) {
    throw Error(ErrorCode::bad_checkpoint, where + ": special token " + in_quotes(name) + " is not defined");
  }
  const Json& ids = require_member(*token, "ids", where);
  if (!ids.is_array()) refuse(where, "a list of ids", ids);
  for (const Json& id : ids) {
    if (!id.is_number_integer() || id.get<std::int64_t>() < 0 ||
        id.get<std::int64_t>() > std::int64_t{std::numeric_limits<std::int32_t>::max()})
      refuse(where, "an id", id);
    out.push_back(special(id.get<std::int32_t>(), type_id));
  }
}

void append_sequence(const Json& part, std::vector<TemplatePart>& out, const std::string& where) {
  const std::string name = require_string(part, "id", where);
  if (name != "A" && name != "B") refuse(where, "\"A\" or \"B\"", part);
  const auto type_id = static_cast<std::uint8_t>(require_size(part, "type_id", where, kMaxTypeId));
  out.push_back({name == "A" ? Kind::first : Kind::second, 0, type_id});
}

std::vector<TemplatePart> read_template(const Json& parts, const Json& tokens, const std::string& where) {
  if (!parts.is_array()) refuse(where, "a list", parts);
  std::vector<TemplatePart> result;
  for (const Json& part : parts) {
    if (part.is_object() && part.contains("SpecialToken")) {
      append_special(part["SpecialToken"], tokens, result, where);
    } else if (part.is_object() && part.contains("Sequence")) {
      append_sequence(part["Sequence"], result, where);
    } else {
      refuse(where, "SpecialToken or Sequence", part);
    }
  }
  return result;
}

std::ptrdiff_t count(const std::vector<TemplatePart>& parts, Kind kind) {
  return std::ranges::count(parts, kind, &TemplatePart::kind);
}

PostProcessor make_template(const Json& json, const std::string& where) {
  const Json& tokens = require_member(json, "special_tokens", where);
  if (!tokens.is_object()) refuse(where, "special_tokens as an object", tokens);
  PostProcessor made;
  made.single = read_template(require_member(json, "single", where), tokens, where);
  made.pair = read_template(require_member(json, "pair", where), tokens, where);
  if (count(made.single, Kind::second) > 0)
    throw Error(ErrorCode::bad_checkpoint, where + ": the template for one text names B");
  for (const auto& parts : {made.single, made.pair}) {
    if (count(parts, Kind::first) > 1 || count(parts, Kind::second) > 1)
      throw Error(ErrorCode::unsupported_model, where + ": a template that names a text twice is not supported");
  }
  return made;
}

/// The id of `["[SEP]", 102]`.
std::int32_t token_id(const Json& json, const char* key, const std::string& where) {
  const Json& token = require_member(json, key, where);
  const bool is_token = token.is_array() && token.size() == 2 && token[1].is_number_unsigned();
  if (!is_token || token[1].get<std::uint64_t>() > kMaxId) refuse(where, "[token, id]", token);
  return token[1].get<std::int32_t>();
}

PostProcessor make_bert(const Json& json, const std::string& where) {
  return bert_post_processor(token_id(json, "cls", where), token_id(json, "sep", where));
}

OffsetTrim trim_of(const Json& json, const std::string& where) {
  return bool_or(json, "add_prefix_space", true, where) ? OffsetTrim::all_but_the_added : OffsetTrim::all;
}

PostProcessor make_roberta(const Json& json, const std::string& where) {
  PostProcessor made = roberta_post_processor(token_id(json, "cls", where), token_id(json, "sep", where));
  if (bool_or(json, "trim_offsets", true, where)) made.trims.push_back(trim_of(json, where));
  return made;
}

PostProcessor make_byte_level(const Json& json, const std::string& where) {
  PostProcessor made;
  if (bool_or(json, "trim_offsets", true, where)) made.trims.push_back(trim_of(json, where));
  return made;
}

/// Trims of all steps, and the template of the one that has one.
PostProcessor make_sequence(const Json& json, const std::string& where) {
  PostProcessor made;
  bool has_template = false;
  const Json& steps = require_member(json, "processors", where);
  if (!steps.is_array()) refuse(where, "a list of processors", steps);
  for (const Json& step : steps) {
    PostProcessor next = make_post_processor(step, where);
    made.trims.insert(made.trims.end(), next.trims.begin(), next.trims.end());
    if (step.is_null() || type_of(step) == "ByteLevel") continue;
    if (has_template) throw Error(ErrorCode::unsupported_model, where + " of two templates is not supported");
    has_template = true;
    made.single = std::move(next.single);
    made.pair = std::move(next.pair);
  }
  return made;
}

struct Type {
  std::string_view name;
  PostProcessor (*make)(const Json& json, const std::string& where);
};

constexpr std::array kTypes{
    Type{"BertProcessing", make_bert},         Type{"ByteLevel", make_byte_level},
    Type{"RobertaProcessing", make_roberta},   Type{"Sequence", make_sequence},
    Type{"TemplateProcessing", make_template},
};

}  // namespace

PostProcessor bert_post_processor(std::int32_t cls, std::int32_t sep) {
  PostProcessor made;
  made.single = {special(cls), {Kind::first, 0, 0}, special(sep)};
  made.pair = {special(cls), {Kind::first, 0, 0}, special(sep), {Kind::second, 0, 1}, special(sep, 1)};
  return made;
}

PostProcessor roberta_post_processor(std::int32_t cls, std::int32_t sep) {
  PostProcessor made;
  made.single = {special(cls), {Kind::first, 0, 0}, special(sep)};
  made.pair = {special(cls), {Kind::first, 0, 0}, special(sep), special(sep), {Kind::second, 0, 0}, special(sep)};
  return made;
}

PostProcessor mpnet_post_processor(std::int32_t cls, std::int32_t sep) {
  PostProcessor made = roberta_post_processor(cls, sep);
  made.pair[4].type_id = 1;
  made.pair[5].type_id = 1;
  return made;
}

PostProcessor make_post_processor(const Json& json, const std::string& where) {
  if (json.is_null()) return {};
  const std::string place = where + ": post_processor";
  if (!json.is_object()) refuse(place, "an object", json);
  const std::string name = require_string(json, "type", place);
  for (const Type& type : kTypes) {
    if (type.name == name) return type.make(json, (place + " ").append(name));
  }
  throw Error(ErrorCode::unsupported_model, place + " of type " + in_quotes(name) + " is not supported");
}

}  // namespace tastevin::tokenizer
