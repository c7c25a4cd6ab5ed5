#pragma once

// Walks over the fields of a protocol buffer message (wire format of proto2 and proto3). A view: the bytes must outlive
// the reader. Every step is bounds-checked; whatever is not such a message throws `Error{bad_checkpoint}` with `where`
// and the byte.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tastevin::tokenizer {

struct ProtobufField {
  enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  std::uint32_t number = 0;
  Wire wire = Wire::varint;
  std::uint64_t value = 0;  // unless `bytes`
  std::string_view bytes;
  std::size_t begin = 0;  // where `bytes` begins, from the start of the file
};

class ProtobufReader {
 public:
  ProtobufReader(std::string_view bytes, std::string_view where, std::size_t begin = 0)
      : bytes_(bytes), where_(where), begin_(begin) {}

  /// The next field, or nothing at the end.
  std::optional<ProtobufField> next();

  std::uint64_t varint_of(const ProtobufField& field) const;
  std::uint32_t fixed32_of(const ProtobufField& field) const;
  std::string_view bytes_of(const ProtobufField& field) const;
  ProtobufReader message_of(const ProtobufField& field) const { return {bytes_of(field), where_, field.begin}; }

  [[noreturn]] void fail(const std::string& found) const;

 private:
  void require(const ProtobufField& field, ProtobufField::Wire wire) const;
  std::uint64_t varint();
  std::uint64_t fixed(std::size_t count);
  std::string_view take(std::uint64_t count);

  std::string_view bytes_;
  std::string_view where_;
  std::size_t begin_ = 0;
  std::size_t at_ = 0;
};

}  // namespace tastevin::tokenizer
