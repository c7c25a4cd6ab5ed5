#include "classify/tokenizer/tokenizer_config.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/ascii.h"
#include "base/error.h"
#include "base/files.h"

namespace tastevin::tokenizer {
namespace {

namespace fs = std::filesystem;

/// Above this, `model_max_length` is the reference's way to say "none".
constexpr double kNoLimit = 1e9;

Json read_if_there(const fs::path& path) { return is_file(path) ? read_json_object(path) : Json::object(); }

std::string without_fast(std::string name) {
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  return name;
}

/// The class that the reference chooses by `model_type`, for the families whose class changes what the files say.
std::string class_of(const std::string& model_type) {
  static const std::map<std::string, std::string, std::less<>> kClasses{{"bert", "BertTokenizer"},
                                                                        {"distilbert", "DistilBertTokenizer"},
                                                                        {"electra", "ElectraTokenizer"},
                                                                        {"mobilebert", "MobileBertTokenizer"},
                                                                        {"convbert", "ConvBertTokenizer"},
                                                                        {"funnel", "FunnelTokenizer"},
                                                                        {"lxmert", "LxmertTokenizer"},
                                                                        {"squeezebert", "SqueezeBertTokenizer"},
                                                                        {"layoutlm", "LayoutLMTokenizer"},
                                                                        {"mpnet", "MPNetTokenizer"},
                                                                        {"modernbert", "PreTrainedTokenizer"},
                                                                        {"bart", "BartTokenizer"},
                                                                        {"roberta", "RobertaTokenizer"},
                                                                        {"gpt2", "GPT2Tokenizer"},
                                                                        {"xlm-roberta", "XLMRobertaTokenizer"},
                                                                        {"camembert", "CamembertTokenizer"},
                                                                        {"albert", "AlbertTokenizer"},
                                                                        {"deberta-v2", "DebertaV2Tokenizer"},
                                                                        {"deberta", "DebertaTokenizer"}};
  const auto found = kClasses.find(model_type);
  return found == kClasses.end() ? std::string() : found->second;
}

std::string tokenizer_class(const Json& settings, const fs::path& folder) {
  const std::string where = (folder / "tokenizer_config.json").string();
  std::string named = string_or(settings, "tokenizer_class", "", where);
  if (!named.empty()) return without_fast(named);
  const fs::path config = folder / "config.json";
  if (!is_file(config)) return {};
  const Json model = read_json_object(config);
  named = string_or(model, "tokenizer_class", "", config.string());
  return named.empty() ? class_of(string_or(model, "model_type", "", config.string())) : without_fast(named);
}

std::vector<AddedToken> decoder_tokens(const Json& settings, const std::string& where) {
  const auto decoder = settings.find("added_tokens_decoder");
  if (decoder == settings.end() || !decoder->is_object()) return {};
  std::map<std::uint32_t, AddedToken> by_id;
  for (const auto& [key, value] : decoder->items()) {
    const auto id = ascii::number<std::uint32_t>(key);
    if (!id) {
      throw Error(ErrorCode::bad_checkpoint, where + ": added_tokens_decoder: expected an id, found " + in_quotes(key));
    }
    by_id[*id] = read_added_token(value, where);
  }
  std::vector<AddedToken> tokens;
  tokens.reserve(by_id.size());
  for (auto& [id, token] : by_id) tokens.push_back(std::move(token));
  return tokens;
}

/// added_tokens.json of old: token -> id.
std::vector<AddedToken> listed_tokens(const fs::path& path, const Json& settings) {
  std::map<std::size_t, AddedToken> by_id;
  const Json file = read_if_there(path);
  for (const auto& [content, id] : file.items()) {
    const auto is_it = [&](const Json& value) {
      return value == content || (value.is_object() && value.value("content", Json()) == content);
    };
    const bool special = std::ranges::any_of(settings, [&](const Json& value) {
      return is_it(value) || (value.is_array() && std::ranges::any_of(value, is_it));
    });
    if (!id.is_number_unsigned()) throw Error(ErrorCode::bad_checkpoint, path.string() + ": expected ids");
    by_id[id.get<std::size_t>()] = {.content = content, .normalized = !special, .special = special};
  }
  std::vector<AddedToken> tokens;
  tokens.reserve(by_id.size());
  for (auto& [id, token] : by_id) tokens.push_back(std::move(token));
  return tokens;
}

/// Where there is no added_tokens_decoder, the map's tokens go over those of tokenizer_config.json, and its additional
/// ones come to them.
void add_special_tokens_map(const Json& map, Json& settings) {
  for (const auto& [key, value] : map.items()) {
    Json& setting = settings[key];
    if (key != "additional_special_tokens" || !value.is_array() || !setting.is_array()) {
      setting = value;
      continue;
    }
    for (const Json& token : value)
      if (std::ranges::find(setting, token) == setting.end()) setting.push_back(token);
  }
}

/// What the model is given, by `model_input_names` or else by the class: without types, those of a pair are all 0.
bool has_type_ids(const TokenizerConfig& config) {
  static const std::set<std::string, std::less<>> kWithout{"DistilBertTokenizer", "RobertaTokenizer",
                                                           "XLMRobertaTokenizer", "CamembertTokenizer",
                                                           "BartTokenizer",       "MPNetTokenizer"};
  const Json* names = find_member(config.settings, "model_input_names");
  if (names == nullptr || !names->is_array()) return !kWithout.contains(config.tokenizer_class);
  return std::ranges::find(*names, "token_type_ids") != names->end();
}

}  // namespace

AddedToken read_added_token(const Json& json, const std::string& where) {
  if (!json.is_object())
    throw Error(ErrorCode::bad_checkpoint, where + ": expected an added token, found " + quoted_json(json));
  AddedToken token;
  token.content = require_string(json, "content", where);
  token.special = bool_or(json, "special", false, where);
  token.single_word = bool_or(json, "single_word", false, where);
  token.lstrip = bool_or(json, "lstrip", false, where);
  token.rstrip = bool_or(json, "rstrip", false, where);
  token.normalized = bool_or(json, "normalized", !token.special, where);
  return token;
}

std::optional<std::string> TokenizerConfig::special_token(const char* key) const {
  const auto found = settings.find(key);
  if (found == settings.end()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_object()) return require_string(*found, "content", where);
  return std::nullopt;
}

TokenizerConfig read_tokenizer_config(const fs::path& folder) {
  TokenizerConfig config;
  const fs::path path = folder / "tokenizer_config.json";
  config.where = path.string();
  config.settings = read_if_there(path);
  config.has_decoder = config.settings.contains("added_tokens_decoder");
  if (config.has_decoder) {
    config.added_tokens = decoder_tokens(config.settings, config.where);
  } else {
    add_special_tokens_map(read_if_there(folder / "special_tokens_map.json"), config.settings);
    config.added_tokens = listed_tokens(folder / "added_tokens.json", config.settings);
  }
  config.tokenizer_class = tokenizer_class(config.settings, folder);
  const double old = number_or(config.settings, "max_len", 0, config.where);
  const double limit = number_or(config.settings, "model_max_length", old, config.where);
  if (limit >= 1 && limit < kNoLimit) config.model_max_length = static_cast<std::size_t>(limit);
  const std::string side = string_or(config.settings, "truncation_side", "", config.where);
  if (!side.empty()) config.cuts_at_the_start = side == "left";
  config.splits_special_tokens = bool_or(config.settings, "split_special_tokens", false, config.where);
  config.has_type_ids = has_type_ids(config);
  return config;
}

}  // namespace tastevin::tokenizer
