#pragma once

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "work/tables/open_quote.h"

namespace tastevin::tables {

/// A stream whose bytes are also watched for quotes.
class WatchedStream : public arrow::io::InputStream {
 public:
  WatchedStream(std::shared_ptr<arrow::io::InputStream> bytes, std::shared_ptr<OpenQuote> quotes)
      : bytes_(std::move(bytes)), quotes_(std::move(quotes)) {}

  arrow::Status Close() override { return bytes_->Close(); }
  bool closed() const override { return bytes_->closed(); }
  arrow::Result<std::int64_t> Tell() const override { return bytes_->Tell(); }

  arrow::Result<std::int64_t> Read(std::int64_t count, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const std::int64_t read, bytes_->Read(count, out));
    quotes_->pass({static_cast<const char*>(out), static_cast<std::size_t>(read)});
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t count) override {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, bytes_->Read(count));
    quotes_->pass(static_cast<std::string_view>(*buffer));
    return buffer;
  }

 private:
  std::shared_ptr<arrow::io::InputStream> bytes_;
  std::shared_ptr<OpenQuote> quotes_;
};

}  // namespace tastevin::tables
