// Encodes records from standard input and writes the encodings to standard output, both as little-endian bytes, so that
// the differential test can compare millions of strings in minutes. One argument: the tokenizer's folder.
//
//   in:  u32 text bytes, u32 pair bytes (0xFFFFFFFF: no pair), u32 max_length, u8 truncation, u8 special tokens, text,
//   pair out: u32 tokens, i32 ids[], u8 type_ids[], u8 special[], (u32 begin, u32 end)[]

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "classify/tokenizer/tokenizer.h"

namespace {

using tastevin::Encoding;
using tastevin::Text;
using tastevin::Truncation;
using tastevin::tokenizer::EncodeOptions;
using tastevin::tokenizer::Tokenizer;

constexpr std::uint32_t kNoPair = 0xFFFFFFFF;
constexpr std::uint32_t kDisagreement = 0xFFFFFFFF;
constexpr std::size_t kHeaderBytes = 14;

struct Record {
  std::string text;
  std::optional<std::string> pair;
  EncodeOptions options;
};

template <class Value>
Value value_at(std::span<const char> bytes, std::size_t at) {
  Value value{};
  std::memcpy(&value, bytes.subspan(at, sizeof value).data(), sizeof value);
  return value;
}

std::string read_string(std::uint32_t bytes) {
  std::string text(bytes, '\0');
  text.resize(std::fread(text.data(), 1, bytes, stdin));
  return text;
}

std::optional<Record> read_record() {
  std::vector<char> header(kHeaderBytes);
  if (std::fread(header.data(), 1, header.size(), stdin) != header.size()) {
    return std::nullopt;
  }
  const auto pair_bytes = value_at<std::uint32_t>(header, 4);
  Record record;
  record.options = {.max_length = value_at<std::uint32_t>(header, 8),
                    .truncation = static_cast<Truncation>(value_at<std::uint8_t>(header, 12)),
                    .special_tokens = value_at<std::uint8_t>(header, 13) != 0,
                    .offsets = true};
  record.text = read_string(value_at<std::uint32_t>(header, 0));
  if (pair_bytes != kNoPair) {
    record.pair = read_string(pair_bytes);
  }
  return record;
}

template <class Value>
void write_values(const std::vector<Value>& values) {
  std::fwrite(values.data(), sizeof(Value), values.size(), stdout);
}

void write_encoding(const Encoding& encoding) {
  static_assert(sizeof(tastevin::Span) == 8);
  const auto tokens = static_cast<std::uint32_t>(encoding.ids.size());
  std::fwrite(&tokens, sizeof tokens, 1, stdout);
  write_values(encoding.ids);
  write_values(encoding.type_ids);
  write_values(encoding.special);
  write_values(encoding.offsets);
}

void encode_stream(const Tokenizer& tokenizer) {
  Encoding encoding;
  Encoding bare;
  while (std::optional<Record> record = read_record()) {
    const Text text{.text = record->text, .pair = record->pair};
    tokenizer.encode(text, record->options, encoding);
    record->options.offsets = false;
    tokenizer.encode(text, record->options, bare);
    if (bare.ids != encoding.ids || bare.type_ids != encoding.type_ids || bare.special != encoding.special) {
      bare.offsets.assign(bare.ids.size(), {kDisagreement, kDisagreement});
      encoding = bare;
    }
    write_encoding(encoding);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: tokenize_stream FOLDER < records > encodings\n");
    return 2;
  }
  try {
    encode_stream(Tokenizer::load(arguments[1]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tokenize_stream: %s\n", error.what());
    return 1;
  }
}
