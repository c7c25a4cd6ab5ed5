#include "arrow_texts.h"

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "tastevin/error.h"

namespace tastevin::python {
namespace {

void require(bool holds, const char* what) {
  if (!holds)
    throw Error(ErrorCode::invalid_argument, std::string("texts: an array of Arrow does not fit its type: ") + what);
}

template <class T>
const T* buffer(const ArrowArray& array, std::int64_t which) {
  return static_cast<const T*>(array.buffers[which]);
}

template <class T>
T number_at(const T* numbers, std::size_t which) {
  T number{};  // which need not be aligned
  std::memcpy(&number, reinterpret_cast<const char*>(numbers) + which * sizeof(T), sizeof(T));
  return number;
}

std::size_t place_of(const ArrowArray& array, std::size_t row) { return row + static_cast<std::size_t>(array.offset); }

/// An array of nulls has none.
class MissingTexts final : public ArrowTexts {
 public:
  std::optional<std::string_view> at(std::size_t /*row*/) const override { return std::nullopt; }
};

/// `offsets[i]` to `offsets[i + 1]` of the bytes.
template <class Offset>
class OffsetTexts final : public ArrowTexts {
 public:
  explicit OffsetTexts(const ArrowArray& array) : array_(array) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    const auto* offsets = buffer<Offset>(array_, 1);
    const Offset begin = number_at(offsets, place_of(array_, row));
    const Offset end = number_at(offsets, place_of(array_, row) + 1);
    require(begin >= 0 && begin <= end, "offsets fall, or lie below 0");
    if (begin == end) return std::string_view();
    const char* bytes = buffer<char>(array_, 2);
    require(bytes != nullptr, "strings without bytes");
    return std::string_view(bytes + begin, static_cast<std::size_t>(end - begin));
  }

 private:
  const ArrowArray& array_;
};

/// 16 bytes a row: the length, then either the text or its first 4 bytes, the number of a buffer and the place in it.
/// The last buffer has the sizes of those between it and the views.
class ViewTexts final : public ArrowTexts {
 public:
  explicit ViewTexts(const ArrowArray& array) : array_(array) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    constexpr std::int32_t kLongestInside = 12;
    const auto* view = buffer<std::int32_t>(array_, 1) + 4 * place_of(array_, row);
    const std::int32_t size = number_at(view, 0);
    require(size >= 0, "a view of less than nothing");
    if (size <= kLongestInside)
      return std::string_view(reinterpret_cast<const char*>(view + 1), static_cast<std::size_t>(size));
    return std::string_view(bytes_at(number_at(view, 2), number_at(view, 3), size), static_cast<std::size_t>(size));
  }

 private:
  const char* bytes_at(std::int32_t which, std::int32_t begin, std::int32_t size) const {
    constexpr std::int64_t kBefore = 2;  // validity and views
    const std::int64_t last = array_.n_buffers - 1;
    require(which >= 0 && which < last - kBefore, "a view into a buffer that is not there");
    const char* bytes = buffer<char>(array_, kBefore + which);
    const auto* sizes = buffer<std::int64_t>(array_, last);
    require(bytes != nullptr && sizes != nullptr, "a view into a buffer that is null");
    const std::int64_t end = std::int64_t{begin} + size;
    require(begin >= 0 && end <= number_at(sizes, static_cast<std::size_t>(which)), "a view leaves its buffer");
    return bytes + begin;
  }

  const ArrowArray& array_;
};

template <class Index>
class DictionaryTexts final : public ArrowTexts {
 public:
  DictionaryTexts(const ArrowSchema& type, const ArrowArray& array)
      : array_(array),
        words_(arrow_texts(*type.dictionary, *array.dictionary)),
        count_(static_cast<std::size_t>(array.dictionary->length)) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    const Index word = number_at(buffer<Index>(array_, 1), place_of(array_, row));
    require(std::cmp_greater_equal(word, 0) && std::cmp_less(word, count_), "an index that is not in the dictionary");
    return words_->at(static_cast<std::size_t>(static_cast<std::make_unsigned_t<Index>>(word)));
  }

 private:
  const ArrowArray& array_;
  std::unique_ptr<ArrowTexts> words_;
  std::size_t count_;
};

template <class Index>
std::unique_ptr<ArrowTexts> dictionary_of(const ArrowSchema& type, const ArrowArray& array) {
  return std::make_unique<DictionaryTexts<Index>>(type, array);
}

std::unique_ptr<ArrowTexts> dictionary_texts(const ArrowSchema& type, const ArrowArray& array) {
  switch (type.format[0]) {
    case 'c':
      return dictionary_of<std::int8_t>(type, array);
    case 'C':
      return dictionary_of<std::uint8_t>(type, array);
    case 's':
      return dictionary_of<std::int16_t>(type, array);
    case 'S':
      return dictionary_of<std::uint16_t>(type, array);
    case 'i':
      return dictionary_of<std::int32_t>(type, array);
    case 'I':
      return dictionary_of<std::uint32_t>(type, array);
    case 'l':
      return dictionary_of<std::int64_t>(type, array);
    default:
      return dictionary_of<std::uint64_t>(type, array);
  }
}

bool is_null(const ArrowSchema& type) { return type.dictionary == nullptr && std::string_view(type.format) == "n"; }

void check_buffers(const ArrowSchema& type, const ArrowArray& array) {
  if (is_null(type)) return;
  const std::int64_t count = array.n_buffers;
  if (is_struct(type)) {
    require(count == 1, "a struct has 1 buffer");
  } else if (type.dictionary != nullptr) {
    require(count == 2, "indices have 2 buffers");
  } else if (std::string_view(type.format) == "vu") {
    require(count >= 3, "views of strings have 3 buffers or more");
  } else {
    require(count == 3, "strings have 3 buffers");
  }
  require(array.buffers != nullptr, "its buffers are null");
  require(array.buffers[0] != nullptr || array.null_count <= 0, "nulls without a buffer that tells which");
  require(count == 1 || array.length == 0 || array.buffers[1] != nullptr, "rows without a buffer");
}

}  // namespace

void check_type(const ArrowSchema& type) {
  bool is_whole = type.format != nullptr && (type.n_children == 0 || (type.n_children > 0 && type.children != nullptr));
  for (std::int64_t i = 0; is_whole && i < type.n_children; ++i) is_whole = type.children[i] != nullptr;
  if (!is_whole) throw Error(ErrorCode::invalid_argument, "texts: a schema of Arrow without its parts");
  for (std::int64_t i = 0; i < type.n_children; ++i) check_type(*type.children[i]);
  if (type.dictionary != nullptr) check_type(*type.dictionary);
}

bool is_struct(const ArrowSchema& type) { return type.dictionary == nullptr && std::string_view(type.format) == "+s"; }

bool is_text(const ArrowSchema& type) {
  const std::string_view format = type.format;
  if (type.dictionary != nullptr)
    return format.size() == 1 && std::string_view("cCsSiIlL").find(format[0]) != std::string_view::npos &&
           is_text(*type.dictionary);
  return format == "u" || format == "U" || format == "vu" || format == "n";
}

void check_array(const ArrowSchema& type, const ArrowArray& array) {
  constexpr std::int64_t kMostRows = std::int64_t{1} << 48;  // more than memory has, and 16 bytes each can be counted
  require(array.length >= 0 && array.length <= kMostRows, "its length");
  require(array.offset >= 0 && array.offset <= kMostRows, "its offset");
  require((type.dictionary != nullptr) == (array.dictionary != nullptr), "a dictionary is in one of both only");
  require(array.n_children == type.n_children, "another number of children");
  require(array.n_children == 0 || array.children != nullptr, "its children are null");
  check_buffers(type, array);
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    require(array.children[i] != nullptr, "a child is null");
    require(array.children[i]->length >= array.offset + array.length, "a child is shorter");
  }
}

/// One bit a row, the least significant first; an array without nulls may have none.
bool is_valid(const ArrowArray& array, std::size_t row) {
  const auto* bits = buffer<std::uint8_t>(array, 0);
  const std::size_t at = place_of(array, row);
  return bits == nullptr || (bits[at / 8] >> (at % 8) & 1U) != 0;
}

std::unique_ptr<ArrowTexts> arrow_texts(const ArrowSchema& type, const ArrowArray& array) {
  const std::string_view format = type.format;
  if (!is_text(type))
    throw Error(ErrorCode::invalid_argument, "texts: expected strings of Arrow, found the type '" +
                                                 std::string(format) + "' of its C data interface");
  check_array(type, array);
  if (type.dictionary != nullptr) return dictionary_texts(type, array);
  if (format == "u") return std::make_unique<OffsetTexts<std::int32_t>>(array);
  if (format == "U") return std::make_unique<OffsetTexts<std::int64_t>>(array);
  if (format == "vu") return std::make_unique<ViewTexts>(array);
  return std::make_unique<MissingTexts>();
}

}  // namespace tastevin::python
