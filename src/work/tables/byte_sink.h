#pragma once

// Where the bytes of a file go.

#include <filesystem>
#include <memory>
#include <string_view>

#include "work/tables/format.h"

namespace tastevin::tables {

/// Throws `Error{unavailable}` when the bytes cannot be written.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  virtual void write(std::string_view bytes) = 0;
  /// Everything is written when it returns. Without it, what a packed file holds is not whole.
  virtual void close() = 0;
};

/// Makes `file`, or opens standard output for "-".
std::unique_ptr<ByteSink> create(const std::filesystem::path& file, Packing packing);

}  // namespace tastevin::tables
