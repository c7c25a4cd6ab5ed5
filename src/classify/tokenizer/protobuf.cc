#include "classify/tokenizer/protobuf.h"

#include "tastevin/error.h"

namespace tastevin::tokenizer {

using Wire = ProtobufField::Wire;

void ProtobufReader::fail(const std::string& found) const {
  throw Error(ErrorCode::bad_checkpoint,
              std::string(where_) + ": at byte " + std::to_string(begin_ + at_) + " " + found);
}

std::string_view ProtobufReader::take(std::uint64_t count) {
  if (count > bytes_.size() - at_) {
    fail("a field of " + std::to_string(count) + " bytes, but " + std::to_string(bytes_.size() - at_) + " are left");
  }
  const std::string_view taken = bytes_.substr(at_, static_cast<std::size_t>(count));
  at_ += taken.size();
  return taken;
}

std::uint64_t ProtobufReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(take(1)[0]);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  fail("a number of more than 10 bytes");
}

std::uint64_t ProtobufReader::fixed(std::size_t count) {
  const std::string_view bytes = take(count);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << i * 8;
  return value;
}

std::optional<ProtobufField> ProtobufReader::next() {
  if (at_ == bytes_.size()) return std::nullopt;
  const std::uint64_t tag = varint();
  if (tag >> 3U == 0 || tag >> 3U > (1U << 29U) - 1) fail("a field with the number " + std::to_string(tag >> 3U));
  ProtobufField field;
  field.number = static_cast<std::uint32_t>(tag >> 3U);
  field.wire = static_cast<Wire>(tag & 7U);
  switch (field.wire) {
    case Wire::varint:
      field.value = varint();
      break;
    case Wire::fixed64:
      field.value = fixed(8);
      break;
    case Wire::fixed32:
      field.value = fixed(4);
      break;
    case Wire::bytes: {
      const std::uint64_t length = varint();
      field.begin = begin_ + at_;
      field.bytes = take(length);
      break;
    }
    default:
      fail("a field of the kind " + std::to_string(tag & 7U) + ", which no model has");
  }
  return field;
}

void ProtobufReader::require(const ProtobufField& field, Wire wire) const {
  if (field.wire != wire) fail("another kind of value in field " + std::to_string(field.number));
}

std::uint64_t ProtobufReader::varint_of(const ProtobufField& field) const {
  require(field, Wire::varint);
  return field.value;
}

std::uint32_t ProtobufReader::fixed32_of(const ProtobufField& field) const {
  require(field, Wire::fixed32);
  return static_cast<std::uint32_t>(field.value);
}

std::string_view ProtobufReader::bytes_of(const ProtobufField& field) const {
  require(field, Wire::bytes);
  return field.bytes;
}

}  // namespace tastevin::tokenizer
