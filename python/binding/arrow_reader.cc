#include "arrow_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "arrow_c.h"
#include "arrow_texts.h"
#include "errors.h"
#include "gil.h"
#include "options.h"
#include "tastevin/text.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

using Schema = Owned<ArrowSchema>;
using Array = Owned<ArrowArray>;
using Stream = Owned<ArrowArrayStream>;

template <class Struct>
Owned<Struct> take(nb::handle capsule, const char* name) {
  if (PyCapsule_IsValid(capsule.ptr(), name) == 0) refuse("texts", std::string("a capsule ") + name, capsule);
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held->release == nullptr)
    throw Error(ErrorCode::invalid_argument, std::string("texts: the ") + name + " was taken already");
  return Owned<Struct>(held);
}

Schema take_schema(nb::handle capsule) {
  auto schema = take<ArrowSchema>(capsule, "arrow_schema");
  check_type(*schema);
  return schema;
}

/// A method of the interface, which may be Python's code.
nb::object answer_of(nb::handle texts, const char* method) {
  return in_python([&] { return nb::object(texts.attr(method)()); });
}

std::pair<Schema, Array> take_array(nb::handle texts) {
  const nb::object pair = answer_of(texts, "__arrow_c_array__");
  if (PyTuple_Check(pair.ptr()) == 0 || nb::len(pair) != 2)
    refuse("texts", "two capsules from __arrow_c_array__", pair);
  Schema schema = take_schema(pair[0]);
  return {std::move(schema), take<ArrowArray>(pair[1], "arrow_array")};
}

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

/// Whether arrays of both are read alike.
bool is_same_type(const ArrowSchema& one, const ArrowSchema& other) {
  bool is_same = std::strcmp(one.format, other.format) == 0 && one.n_children == other.n_children &&
                 (one.dictionary == nullptr) == (other.dictionary == nullptr);
  if (is_same && one.dictionary != nullptr) is_same = is_same_type(*one.dictionary, *other.dictionary);
  for (std::int64_t i = 0; is_same && i < one.n_children; ++i)
    is_same =
        name_of(*one.children[i]) == name_of(*other.children[i]) && is_same_type(*one.children[i], *other.children[i]);
  return is_same;
}

/// The place of the column to read in a table.
std::int64_t chosen_column(const ArrowSchema& table, const std::string& column) {
  if (column.empty() && table.n_children == 1) return 0;
  for (const std::string_view usual : kTextColumns) {
    const std::int64_t found = column.empty() ? column_named(table, usual) : -1;
    if (found >= 0) return found;
  }
  const std::int64_t found = column.empty() ? -1 : column_named(table, column);
  if (found >= 0) return found;
  throw Error(ErrorCode::invalid_argument, "column: expected one of " + column_names(table) + ", found " +
                                               (column.empty() ? "none named" : "'" + column + "'"));
}

/// The places of the columns to read in a struct, which a table is too; -1 for one that there is not. As in a dict,
/// what is called text and text_pair is a pair, unless a column is named.
struct Columns {
  std::int64_t text = -1;
  std::int64_t pair = -1;
};

Columns columns_of(const ArrowSchema& type, const std::string& column) {
  if (!is_struct(type)) {
    if (column.empty()) return {};
    throw Error(ErrorCode::invalid_argument, "column: expected a table as texts, found a column already");
  }
  if (column.empty() && column_named(type, "text") >= 0 && column_named(type, "text_pair") >= 0)
    return {.text = column_named(type, "text"), .pair = column_named(type, "text_pair")};
  return {.text = chosen_column(type, column)};
}

/// One array of a stream, or the only one, with its texts.
struct Chunk {
  Array array;
  std::unique_ptr<ArrowTexts> texts;
  std::unique_ptr<ArrowTexts> pairs;  // the second texts, where there are such
  std::size_t length = 0;
  std::size_t offset = 0;  // of a table's rows in its columns
};

/// Throws what the producer of a stream failed with: its own error where it is Python's, else by its code of errno.
[[noreturn]] void fail_of_stream(ArrowArrayStream& stream, int code, const std::string& what) {
  const char* reason = stream.get_last_error(&stream);
  if (PyErr_Occurred() != nullptr || PyErr_CheckSignals() != 0) throw nb::python_error();
  if (code == ENOMEM) throw std::bad_alloc();
  const std::string_view said = reason == nullptr ? "" : reason;
  throw Error(code == EINVAL ? ErrorCode::invalid_argument : ErrorCode::unavailable,
              "texts: " + what + ": " + std::string(said.substr(0, std::min<std::size_t>(300, said.find('\n')))));
}

/// Calls a stream's producer, which may work on other threads that run Python's code: not while this one has the GIL.
template <class Call>
int without_gil(Call call) {
  const WithoutGil released;
  return call();
}

class ArrowReader final : public TextReader {
 public:
  ~ArrowReader() override {
    if (!stream_ || PyGILState_Check() == 0) return;
    const WithoutGil released;
    stream_ = Stream();
  }
  ArrowReader(const ArrowReader&) = delete;
  ArrowReader& operator=(const ArrowReader&) = delete;

  ArrowReader(Schema schema, const std::string& column)
      : schema_(std::move(schema)), columns_(columns_of(*schema_, column)) {
    require_text(columns_.text);
    if (columns_.pair >= 0) require_text(columns_.pair);
  }

  void read_from(Stream stream, std::optional<std::size_t> size) {
    stream_ = std::move(stream);
    size_ = size;
  }
  void read_from(Array array) {
    check_array(*schema_, *array);
    size_ = static_cast<std::size_t>(array->length);
    waiting_ = std::move(array);
  }
  /// An iterator over things that are an array each.
  void read_from(nb::object batches) { batches_ = std::move(batches); }

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
  const ArrowSchema& type(std::int64_t column) const { return column < 0 ? *schema_ : *schema_->children[column]; }
  const ArrowArray& array(const Chunk& chunk, std::int64_t column) const {
    return column < 0 ? *chunk.array : *chunk.array->children[column];
  }
  std::string place_of(std::int64_t column) const {
    return column < 0 ? "" : " in the column '" + std::string(name_of(type(column))) + "'";
  }

  void require_text(std::int64_t column) const {
    if (is_text(type(column))) return;
    throw Error(ErrorCode::invalid_argument, std::string("texts: expected strings, found the Arrow type '") +
                                                 type(column).format + "'" + place_of(column));
  }

  void read(std::size_t most) {
    const Chunk& chunk = *chunks_.back();
    const std::size_t end = std::min(chunk.length, at_ + most - texts_.size());
    for (; at_ < end; ++at_, ++number_) texts_.push_back(text_at(chunk, at_));
  }

  Text text_at(const Chunk& chunk, std::size_t row) const {
    const bool has_row = columns_.text < 0 || is_valid(*chunk.array, row);
    const auto text = has_row ? chunk.texts->at(row + chunk.offset) : std::nullopt;
    if (!text)
      throw Error(ErrorCode::invalid_argument, "texts[" + std::to_string(number_) + "]: expected text, found null" +
                                                   (has_row ? place_of(columns_.text) : ""));
    return {.text = *text, .pair = chunk.pairs ? chunk.pairs->at(row + chunk.offset) : std::nullopt};
  }

  bool open_chunk() {
    Array array = next_array();
    if (!array) return false;
    check_array(*schema_, *array);
    auto chunk = std::make_unique<Chunk>();
    chunk->array = std::move(array);
    chunk->length = static_cast<std::size_t>(chunk->array->length);
    chunk->offset = columns_.text < 0 ? 0 : static_cast<std::size_t>(chunk->array->offset);
    chunk->texts = texts_of(*chunk, columns_.text);
    if (columns_.pair >= 0) chunk->pairs = texts_of(*chunk, columns_.pair);
    chunks_.push_back(std::move(chunk));
    at_ = 0;
    return true;
  }

  std::unique_ptr<ArrowTexts> texts_of(const Chunk& chunk, std::int64_t column) const {
    return arrow_texts(type(column), array(chunk, column));
  }

  Array next_array() {
    if (waiting_) return std::exchange(waiting_, Array());
    if (batches_.is_valid()) return next_batch();
    Array array;
    if (!stream_) return array;
    ArrowArrayStream* stream = stream_.get();
    const int code = without_gil([&] { return stream->get_next(stream, array.get()); });
    if (code != 0) fail_of_stream(*stream, code, "the stream broke off");
    return array;
  }

  Array next_batch() {
    const nb::object batch = nb::steal(in_python([&] { return PyIter_Next(batches_.ptr()); }));
    if (!batch.is_valid()) {
      if (PyErr_Occurred() != nullptr) throw nb::python_error();
      return {};
    }
    auto [schema, array] = take_array(batch);
    if (is_same_type(*schema_, *schema)) return std::move(array);
    throw Error(ErrorCode::invalid_argument, "texts: a batch from texts[" + std::to_string(number_) +
                                                 "] on has another schema than the reader of batches");
  }

  Schema schema_;
  Columns columns_;
  std::optional<std::size_t> size_;
  Stream stream_;
  Array waiting_;
  nb::object batches_;
  std::vector<std::unique_ptr<Chunk>> chunks_;  // those that the views of the last block stand in
  std::size_t at_ = 0;                          // rows read of the last of them
  std::size_t number_ = 0;
  std::vector<Text> texts_;
};

std::unique_ptr<TextReader> open_array(nb::handle texts, const std::string& column) {
  auto [schema, array] = take_array(texts);
  auto reader = std::make_unique<ArrowReader>(std::move(schema), column);
  reader->read_from(std::move(array));
  return reader;
}

/// PyArrow's reader takes any batch for one of its schema. Each is asked for its own.
std::unique_ptr<TextReader> open_batches(nb::handle texts, const std::string& column) {
  Schema schema = take_schema(answer_of(texts.attr("schema"), "__arrow_c_schema__"));
  auto reader = std::make_unique<ArrowReader>(std::move(schema), column);
  reader->read_from(texts.attr("__iter__")());
  return reader;
}

/// A frame of pandas without its index, which would come as a column, and of its columns those that are read: others
/// may be of no type of Arrow's.
nb::object without_index(nb::handle frame, const std::string& column) {
  const nb::object names = frame.attr("columns");
  nb::list wanted;
  const auto want = [&](const std::string& name) {
    if (nb::cast<bool>(names.attr("__contains__")(name))) wanted.append(name);
  };
  if (column.empty()) {
    for (auto usual = kTextColumns.begin(); nb::len(wanted) == 0 && usual != kTextColumns.end(); ++usual)
      want(std::string(*usual));
    if (nb::len(wanted) > 0) want("text_pair");
  } else {
    want(column);
  }
  const nb::object chosen = nb::len(wanted) == 0 ? nb::borrow(frame) : nb::object(frame[wanted]);
  return chosen.attr("reset_index")(nb::arg("drop") = true);
}

std::unique_ptr<TextReader> open_stream(nb::handle texts, const std::string& column) {
  Stream stream = take<ArrowArrayStream>(answer_of(texts, "__arrow_c_stream__"), "arrow_array_stream");
  Schema schema;
  const int code = without_gil([&] { return stream.get()->get_schema(stream.get(), schema.get()); });
  if (code != 0) fail_of_stream(*stream.get(), code, "the stream has no schema");
  check_type(*schema);
  auto reader = std::make_unique<ArrowReader>(std::move(schema), column);
  reader->read_from(std::move(stream), length_of(texts));
  return reader;
}

}  // namespace

bool is_arrow(nb::handle texts) {
  // A class has the attribute too, and cannot be asked.
  if (PyType_Check(texts.ptr()) != 0) return false;
  return nb::hasattr(texts, "__arrow_c_stream__") || nb::hasattr(texts, "__arrow_c_array__");
}

std::unique_ptr<TextReader> open_arrow(nb::handle texts, const std::string& column) {
  if (is_of_package(texts, "pyarrow") && nb::hasattr(texts, "read_next_batch")) return open_batches(texts, column);
  if (is_of_package(texts, "pandas") && nb::hasattr(texts, "columns"))
    return open_stream(without_index(texts, column), column);
  return nb::hasattr(texts, "__arrow_c_stream__") ? open_stream(texts, column) : open_array(texts, column);
}

}  // namespace tastevin::python
