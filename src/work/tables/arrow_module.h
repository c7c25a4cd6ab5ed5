#pragma once

// The functions of the module libtastevin_tables.so.
//
// Arrow is 50 MB of library and brings an OpenSSL of its own that must not answer for the system's: so it is loaded on
// first use, and its symbols are seen by its module alone.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <streambuf>
#include <string>
#include <vector>

#include "work/tables/byte_sink.h"
#include "work/tables/format.h"
#include "work/tables/reader.h"
#include "work/tables/typed_part.h"

namespace tastevin::tables {

/// What stands for standard input where `file` is "-": the module has variables of its own.
using ReadInput = std::ptrdiff_t(void* bytes, std::size_t count);

/// Puts the reader of `file` into `reader`.
using OpenTable = void(const std::filesystem::path& file, Format format, ReadInput* input,
                       std::unique_ptr<TableReader>& reader);
inline constexpr char kOpenTable[] = "tastevin_open_table";

/// Puts what is in `file`, which is packed, into `bytes`, to be read as a stream. Reading throws
/// `Error{invalid_argument}` where the file is damaged or cut off.
using OpenPacked = void(const std::filesystem::path& file, Packing packing, ReadInput* input,
                        std::unique_ptr<std::streambuf>& bytes);
inline constexpr char kOpenPacked[] = "tastevin_open_packed";

/// Makes `file` and puts into `sink` what packs its bytes.
using CreatePacked = void(const std::filesystem::path& file, Packing packing, std::unique_ptr<ByteSink>& sink);
inline constexpr char kCreatePacked[] = "tastevin_create_packed";

/// `typed_part` and `join_typed_parts` of typed_part.h.
using EncodePart = void(const TypedPart& part, Form form, std::string& bytes);
inline constexpr char kEncodePart[] = "tastevin_encode_part";
using JoinParts = void(const std::vector<std::filesystem::path>& parts, Format format,
                       const std::filesystem::path& file);
inline constexpr char kJoinParts[] = "tastevin_join_parts";

/// The function `name` of the module. Throws `Error{unavailable}` when it is not installed.
void* function_of_arrow_module(const char* name);

template <class Function>
Function* arrow_module(const char* name) {
  return reinterpret_cast<Function*>(function_of_arrow_module(name));
}

}  // namespace tastevin::tables
