#include "arrow_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "arrow_c.h"
#include "arrow_texts.h"
#include "errors.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

using Schema = Owned<ArrowSchema>;
using Array = Owned<ArrowArray>;
using Stream = Owned<ArrowArrayStream>;

template <class Struct>
Owned<Struct> take(nb::handle capsule, const char* name) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw nb::python_error();
  if (held->release == nullptr)
    throw Error(ErrorCode::invalid_argument, std::string("texts: the ") + name + " was taken already");
  return Owned<Struct>(held);
}

bool is_table(const ArrowSchema& type) { return std::strcmp(type.format, "+s") == 0; }

/// The interface lets a producer leave it out.
std::string_view name_of(const ArrowSchema& field) { return field.name == nullptr ? "" : field.name; }

std::string column_names(const ArrowSchema& table) {
  std::string names;
  for (std::int64_t i = 0; i < table.n_children; ++i)
    names += (names.empty() ? "'" : ", '") + std::string(name_of(*table.children[i])) + "'";
  return names.empty() ? "none" : names;
}

std::int64_t column_named(const ArrowSchema& table, std::string_view name) {
  for (std::int64_t i = 0; i < table.n_children; ++i) {
    if (name_of(*table.children[i]) == name) return i;
  }
  return -1;
}

/// The place of the column to read in a table.
std::int64_t chosen_column(const ArrowSchema& table, const std::string& column) {
  if (column.empty() && table.n_children == 1) return 0;
  constexpr std::array<std::string_view, 3> kUsual{"text", "sentence", "content"};
  for (const std::string_view name : column.empty() ? std::span(kUsual) : std::span<const std::string_view>()) {
    if (const std::int64_t found = column_named(table, name); found >= 0) return found;
  }
  const std::int64_t found = column.empty() ? -1 : column_named(table, column);
  if (found >= 0) return found;
  throw Error(ErrorCode::invalid_argument, "column: expected one of " + column_names(table) + ", found " +
                                               (column.empty() ? "none named" : "'" + column + "'"));
}

/// One array of a stream, or the only one, with its texts.
struct Chunk {
  Array array;
  std::unique_ptr<ArrowTexts> texts;
  std::size_t length = 0;
  std::size_t offset = 0;  // of a table's rows in its column
};

class ArrowReader final : public TextReader {
 public:
  ArrowReader(Schema schema, std::optional<std::size_t> size, const std::string& column)
      : schema_(std::move(schema)), size_(size), column_(is_table(*schema_) ? chosen_column(*schema_, column) : -1) {
    if (column_ < 0 && !column.empty())
      throw Error(ErrorCode::invalid_argument, "column: expected a table as texts, found a column already");
    if (!is_text(type()))
      throw Error(ErrorCode::invalid_argument,
                  std::string("texts: expected strings, found the Arrow type '") + type().format + "'" + of_column());
  }

  void read_from(Stream stream) { stream_ = std::move(stream); }
  void read_from(Array array) { waiting_ = std::move(array); }

  std::optional<std::size_t> size() const override { return size_; }

  std::span<const Text> next(std::size_t most) override {
    texts_.clear();
    if (chunks_.size() > 1) chunks_.erase(chunks_.begin(), chunks_.end() - 1);
    while (texts_.size() < most) {
      if ((chunks_.empty() || at_ == chunks_.back()->length) && !open_chunk()) break;
      read(most);
    }
    return texts_;
  }

 private:
  const ArrowSchema& type() const { return column_ < 0 ? *schema_ : *schema_->children[column_]; }
  std::string of_column() const { return column_ < 0 ? "" : " in the column '" + std::string(name_of(type())) + "'"; }

  void read(std::size_t most) {
    const Chunk& chunk = *chunks_.back();
    const std::size_t end = std::min(chunk.length, at_ + most - texts_.size());
    for (; at_ < end; ++at_, ++number_) {
      const std::optional<std::string_view> text = chunk.texts->at(at_ + chunk.offset);
      if (!text)
        throw Error(ErrorCode::invalid_argument,
                    "texts[" + std::to_string(number_) + "]: expected text, found null" + of_column());
      texts_.push_back({*text});
    }
  }

  bool open_chunk() {
    Array array = next_array();
    if (!array) return false;
    auto chunk = std::make_unique<Chunk>();
    chunk->array = std::move(array);
    const ArrowArray& held = *chunk->array;
    const ArrowArray& texts = column_ < 0 ? held : *held.children[column_];
    chunk->length = static_cast<std::size_t>(held.length);
    chunk->offset = column_ < 0 ? 0 : static_cast<std::size_t>(held.offset);
    chunk->texts = arrow_texts(type(), texts);
    chunks_.push_back(std::move(chunk));
    at_ = 0;
    return true;
  }

  Array next_array() {
    if (waiting_) return std::exchange(waiting_, Array());
    Array array;
    if (!stream_) return array;
    ArrowArrayStream* stream = stream_.get();
    if (stream->get_next(stream, array.get()) == 0) return array;
    const char* reason = stream->get_last_error(stream);
    if (PyErr_Occurred() != nullptr) throw nb::python_error();
    throw Error(ErrorCode::unavailable,
                std::string("texts: the stream broke off: ") + (reason == nullptr ? "" : reason));
  }

  Schema schema_;
  std::optional<std::size_t> size_;
  std::int64_t column_;  // of a table
  Stream stream_;
  Array waiting_;
  std::vector<std::unique_ptr<Chunk>> chunks_;  // those that the views of the last block stand in
  std::size_t at_ = 0;                          // rows read of the last of them
  std::size_t number_ = 0;
  std::vector<Text> texts_;
};

std::unique_ptr<TextReader> open_array(nb::handle texts, const std::string& column) {
  const nb::tuple pair = nb::cast<nb::tuple>(texts.attr("__arrow_c_array__")());
  Schema schema = take<ArrowSchema>(pair[0], "arrow_schema");
  Array array = take<ArrowArray>(pair[1], "arrow_array");
  auto reader = std::make_unique<ArrowReader>(std::move(schema), static_cast<std::size_t>(array->length), column);
  reader->read_from(std::move(array));
  return reader;
}

}  // namespace

bool is_arrow(nb::handle texts) {
  // A class has the attribute too, and cannot be asked.
  if (PyType_Check(texts.ptr()) != 0) return false;
  return nb::hasattr(texts, "__arrow_c_stream__") || nb::hasattr(texts, "__arrow_c_array__");
}

std::unique_ptr<TextReader> open_arrow(nb::handle texts, const std::string& column) {
  if (!nb::hasattr(texts, "__arrow_c_stream__")) return open_array(texts, column);
  const nb::object capsule = texts.attr("__arrow_c_stream__")();
  Stream stream = take<ArrowArrayStream>(capsule, "arrow_array_stream");
  Schema schema;
  if (stream.get()->get_schema(stream.get(), schema.get()) != 0) {
    const char* reason = stream.get()->get_last_error(stream.get());
    throw Error(ErrorCode::unavailable,
                std::string("texts: the stream has no schema: ") + (reason == nullptr ? "" : reason));
  }
  auto reader = std::make_unique<ArrowReader>(std::move(schema), length_of(texts), column);
  reader->read_from(std::move(stream));
  return reader;
}

}  // namespace tastevin::python
