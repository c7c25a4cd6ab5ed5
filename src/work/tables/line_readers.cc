#include "work/tables/line_readers.h"

#include <fstream>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace tastevin::tables {
namespace {

constexpr std::size_t kRows = 4096;  // of a block

class Lines : public Reader {
 public:
  explicit Lines(const std::filesystem::path& file) : lines_(file, std::ios::binary) {}

  const std::vector<std::string>& names() const override { return names_; }

  std::optional<std::vector<Column>> next() override {
    Column texts;
    for (std::string line; texts.size() < kRows && std::getline(lines_, line);) {
      if (line.ends_with('\r')) line.pop_back();
      texts.push_back(std::move(line));
    }
    if (texts.empty()) return std::nullopt;
    return std::vector<Column>{std::move(texts)};
  }

 private:
  std::ifstream lines_;
  std::vector<std::string> names_{"text"};
};

class JsonLines : public Reader {
 public:
  explicit JsonLines(const std::filesystem::path& file)
      : where_(in_quotes(file.string(), 200)), lines_(file, std::ios::binary) {
    first_ = next_object();
    if (!first_) return;
    for (const auto& [name, value] : first_->items()) names_.push_back(name);
  }

  const std::vector<std::string>& names() const override { return names_; }

  std::optional<std::vector<Column>> next() override {
    std::vector<Column> columns(names_.size());
    std::size_t rows = 0;
    for (; rows < kRows; ++rows) {
      const std::optional<Json> object = first_ ? std::exchange(first_, std::nullopt) : next_object();
      if (!object) break;
      for (std::size_t i = 0; i < names_.size(); ++i) columns[i].push_back(text_in(*object, names_[i]));
    }
    if (rows == 0) return std::nullopt;
    return columns;
  }

 private:
  /// Lines without a value are no rows.
  std::optional<Json> next_object() {
    for (std::string line; std::getline(lines_, line);) {
      ++number_;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const std::string where = where_ + ", line " + std::to_string(number_);
      try {
        Json object = parse_json(line, where);
        if (object.is_object()) return object;
      } catch (const Error& error) {
        throw Error(ErrorCode::invalid_argument, error.what());
      }
      throw Error(ErrorCode::invalid_argument, where + ": expected a JSON object");
    }
    return std::nullopt;
  }

  static std::string text_in(const Json& object, const std::string& name) {
    const Json* value = find_member(object, name.c_str());
    if (value == nullptr || value->is_null()) return "";
    return value->is_string() ? value->get<std::string>() : value->dump();
  }

  std::string where_;
  std::ifstream lines_;
  std::size_t number_ = 0;
  std::vector<std::string> names_;
  std::optional<Json> first_;
};

}  // namespace

std::unique_ptr<Reader> open_lines(const std::filesystem::path& file) { return std::make_unique<Lines>(file); }

std::unique_ptr<Reader> open_json_lines(const std::filesystem::path& file) { return std::make_unique<JsonLines>(file); }

}  // namespace tastevin::tables
