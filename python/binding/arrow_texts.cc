#include "arrow_texts.h"

#include <cstring>
#include <string>

#include "tastevin/error.h"

namespace tastevin::python {
namespace {

template <class T>
const T* buffer(const ArrowArray& array, std::int64_t which) {
  return which < array.n_buffers ? static_cast<const T*>(array.buffers[which]) : nullptr;
}

/// One bit a row, the least significant first; an array without nulls may have none.
bool is_valid(const ArrowArray& array, std::size_t row) {
  const auto* bits = buffer<std::uint8_t>(array, 0);
  const std::size_t at = row + static_cast<std::size_t>(array.offset);
  return bits == nullptr || (bits[at / 8] >> (at % 8) & 1U) != 0;
}

/// `offsets[i]` to `offsets[i + 1]` of the bytes.
template <class Offset>
class OffsetTexts final : public ArrowTexts {
 public:
  explicit OffsetTexts(const ArrowArray& array) : array_(array) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    const Offset* offsets = buffer<Offset>(array_, 1) + array_.offset + row;
    const auto size = static_cast<std::size_t>(offsets[1] - offsets[0]);
    if (size == 0) return std::string_view();
    return std::string_view(buffer<char>(array_, 2) + offsets[0], size);
  }

 private:
  const ArrowArray& array_;
};

/// 16 bytes a row: the length, then either the text or its first 4 bytes, the number of a buffer and the place in it.
class ViewTexts final : public ArrowTexts {
 public:
  explicit ViewTexts(const ArrowArray& array) : array_(array) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    constexpr std::int32_t kLongestInside = 12;
    const char* view = buffer<char>(array_, 1) + 16 * (row + static_cast<std::size_t>(array_.offset));
    const auto size = number_at(view);
    if (size <= kLongestInside) return std::string_view(view + 4, static_cast<std::size_t>(size));
    const char* bytes = buffer<char>(array_, 2 + number_at(view + 8));
    return std::string_view(bytes + number_at(view + 12), static_cast<std::size_t>(size));
  }

 private:
  static std::int32_t number_at(const char* place) {
    std::int32_t number = 0;
    std::memcpy(&number, place, sizeof(number));
    return number;
  }

  const ArrowArray& array_;
};

template <class Index>
class DictionaryTexts final : public ArrowTexts {
 public:
  DictionaryTexts(const ArrowSchema& type, const ArrowArray& array)
      : array_(array), words_(arrow_texts(*type.dictionary, *array.dictionary)) {}

  std::optional<std::string_view> at(std::size_t row) const override {
    if (!is_valid(array_, row)) return std::nullopt;
    return words_->at(
        static_cast<std::size_t>(buffer<Index>(array_, 1)[row + static_cast<std::size_t>(array_.offset)]));
  }

 private:
  const ArrowArray& array_;
  std::unique_ptr<ArrowTexts> words_;
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

}  // namespace

bool is_text(const ArrowSchema& type) {
  if (type.dictionary != nullptr)
    return std::strchr("cCsSiIlL", type.format[0]) != nullptr && is_text(*type.dictionary);
  const std::string_view format = type.format;
  return format == "u" || format == "U" || format == "vu";
}

std::unique_ptr<ArrowTexts> arrow_texts(const ArrowSchema& type, const ArrowArray& array) {
  const std::string_view format = type.format;
  if (is_text(type)) {
    if (type.dictionary != nullptr) return dictionary_texts(type, array);
    if (format == "u") return std::make_unique<OffsetTexts<std::int32_t>>(array);
    if (format == "U") return std::make_unique<OffsetTexts<std::int64_t>>(array);
    return std::make_unique<ViewTexts>(array);
  }
  throw Error(ErrorCode::invalid_argument,
              "texts: expected strings of Arrow, found the type '" + std::string(format) + "' of its C data interface");
}

}  // namespace tastevin::python
