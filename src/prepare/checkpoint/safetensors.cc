#include "prepare/checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/little_endian.h"

namespace tastevin::checkpoint {
namespace {

struct Spelling {
  std::string_view name;
  std::optional<DType> dtype;  // none: in the format, but nothing we run
};

constexpr std::array kSpellings{
    Spelling{"F64", DType::f64},
    Spelling{"F32", DType::f32},
    Spelling{"F16", DType::f16},
    Spelling{"BF16", DType::bf16},
    Spelling{"I64", DType::i64},
    Spelling{"I32", DType::i32},
    Spelling{"I16", DType::i16},
    Spelling{"I8", DType::i8},
    Spelling{"U8", DType::u8},
    Spelling{"BOOL", DType::boolean},
    Spelling{"U16", std::nullopt},
    Spelling{"U32", std::nullopt},
    Spelling{"U64", std::nullopt},
    Spelling{"C64", std::nullopt},
    Spelling{"F8_E5M2", std::nullopt},
    Spelling{"F8_E4M3", std::nullopt},
    Spelling{"F8_E5M2FNUZ", std::nullopt},
    Spelling{"F8_E4M3FNUZ", std::nullopt},
    Spelling{"F8_E8M0", std::nullopt},
    Spelling{"F6_E2M3", std::nullopt},
    Spelling{"F6_E3M2", std::nullopt},
    Spelling{"F4", std::nullopt},
};

std::string range(std::size_t begin, std::size_t end) { return std::to_string(begin) + ".." + std::to_string(end); }

std::string tensor_at(const std::string& where, const std::string& name) {
  return where + ": tensor " + in_quotes(name, 200);
}

std::string_view header_of(std::string_view file, const std::string& where) {
  constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);
  if (file.size() < kLengthBytes) {
    bad_checkpoint(where, "expected a safetensors file of at least 8 bytes, found " + std::to_string(file.size()));
  }
  refuse_git_lfs_pointer(file, where, "a safetensors file");
  const std::uint64_t length = number_at<kLengthBytes>(file, 0);
  file.remove_prefix(kLengthBytes);
  if (length > kMaxHeaderBytes) {
    bad_checkpoint(where, "expected a header of at most " + std::to_string(kMaxHeaderBytes) +
                              " bytes, found a length of " + std::to_string(length));
  }
  if (length > file.size()) {
    bad_checkpoint(where, "expected a header of " + std::to_string(length) +
                              " bytes, found the end of the file after " + std::to_string(file.size()));
  }
  return file.substr(0, length);
}

/// `__metadata__` says nothing that we use; it is checked because a file that breaks the format here is damaged.
void check_metadata(const Json& metadata, const std::string& where) {
  const bool strings = metadata.is_object() && std::ranges::all_of(metadata, &Json::is_string);
  if (!strings && !metadata.is_null()) {
    bad_checkpoint(where, "__metadata__: expected an object of strings, found " + quoted_json(metadata));
  }
}

DType dtype_of(const Json& tensor, const std::string& where) {
  const std::string name = require_string(tensor, "dtype", where);
  const auto* const found = std::ranges::find(kSpellings, name, &Spelling::name);
  if (found == kSpellings.end()) {
    bad_checkpoint(where, "expected a dtype of the safetensors format, found " + in_quotes(name));
  }
  if (!found->dtype) {
    throw Error(ErrorCode::unsupported_model, where + ": dtype " + name + " is not one that we run");
  }
  return *found->dtype;
}

std::vector<std::size_t> whole_numbers(const Json& tensor, const char* key, const std::string& where) {
  const Json& list = require_member(tensor, key, where);
  if (!list.is_array() || !std::ranges::all_of(list, &Json::is_number_unsigned)) {
    bad_checkpoint(where, in_quotes(key) + ": expected a list of whole numbers, found " + quoted_json(list));
  }
  return list.get<std::vector<std::size_t>>();
}

std::size_t bytes_of(const TensorEntry& entry, const std::string& where) {
  std::size_t bytes = 1;
  bool fits =
      std::ranges::all_of(entry.shape, [&bytes](auto size) { return !__builtin_mul_overflow(bytes, size, &bytes); });
  fits = fits && !__builtin_mul_overflow(bytes, size_of(entry.dtype), &bytes);
  if (!fits) bad_checkpoint(where, "its shape overflows a 64-bit size");
  return bytes;
}

/// One member of the header; `begin` still counts from the first tensor byte.
TensorEntry entry_of(const std::string& name, const Json& tensor, const std::string& file) {
  const std::string where = tensor_at(file, name);
  if (!tensor.is_object()) bad_checkpoint(where, "expected an object, found " + quoted_json(tensor));
  TensorEntry entry{name, dtype_of(tensor, where), whole_numbers(tensor, "shape", where), 0, 0};
  const std::vector<std::size_t> offsets = whole_numbers(tensor, "data_offsets", where);
  if (offsets.size() != 2) {
    bad_checkpoint(where, "'data_offsets': expected 2 numbers, found " + std::to_string(offsets.size()));
  }
  if (offsets[0] > offsets[1]) {
    bad_checkpoint(where, "bytes " + range(offsets[0], offsets[1]) + " end before they begin");
  }
  entry.begin = offsets[0];
  entry.bytes = bytes_of(entry, where);
  if (entry.bytes != offsets[1] - offsets[0]) {
    bad_checkpoint(where, "its shape and dtype need " + std::to_string(entry.bytes) + " bytes, its offsets " +
                              range(offsets[0], offsets[1]) + " hold " + std::to_string(offsets[1] - offsets[0]));
  }
  return entry;
}

std::vector<TensorEntry> entries_of(const Json& header, const std::string& where) {
  if (!header.is_object()) {
    bad_checkpoint(where, "expected the header to be a JSON object, found " + quoted_json(header));
  }
  std::vector<TensorEntry> entries;
  entries.reserve(header.size());
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") {
      check_metadata(value, where);
    } else {
      entries.push_back(entry_of(name, value, where));
    }
  }
  return entries;
}

/// The tensors, sorted, must cover the `available` bytes from the first to the last, each byte once.
void check_cover(const std::vector<TensorEntry>& sorted, std::size_t available, const std::string& where) {
  std::size_t covered = 0;
  for (const TensorEntry& entry : sorted) {
    const std::size_t end = entry.begin + entry.bytes;  // as checked in entry_of, this is the second offset
    if (end > available) {
      bad_checkpoint(tensor_at(where, entry.name), "bytes " + range(entry.begin, end) + " leave the file, which has " +
                                                       std::to_string(available) + " bytes of tensors");
    }
    if (entry.begin != covered) {
      bad_checkpoint(tensor_at(where, entry.name), "bytes " + range(entry.begin, end) + ": expected to begin at " +
                                                       std::to_string(covered) + ", where the tensors before it end" +
                                                       (entry.begin < covered ? " (an overlap)" : " (a hole)"));
    }
    covered = end;
  }
  if (covered != available) {
    bad_checkpoint(where, "its tensors end at byte " + std::to_string(covered) + ", found " +
                              std::to_string(available) + " bytes of tensors");
  }
}

}  // namespace

std::vector<TensorEntry> read_header(std::string_view file, const std::string& where) {
  const std::string_view header = header_of(file, where);
  const std::size_t data = sizeof(std::uint64_t) + header.size();
  std::vector<TensorEntry> entries = entries_of(parse_json(header, where + ": header"), where);
  std::ranges::sort(entries, {}, [](const TensorEntry& entry) { return std::pair(entry.begin, entry.bytes); });
  check_cover(entries, file.size() - data, where);
  for (TensorEntry& entry : entries) entry.begin += data;
  return entries;
}

Tensors read_safetensors(const std::filesystem::path& path) {
  const auto file = std::make_shared<const MappedFile>(path);
  Tensors tensors;
  for (TensorEntry& entry : read_header(file->text(), path.string())) {
    const std::byte* data = file->data() + entry.begin;
    tensors.emplace(std::move(entry.name), TensorView{entry.dtype, std::move(entry.shape), data, entry.bytes, file});
  }
  return tensors;
}

}  // namespace tastevin::checkpoint
