#include <arrow/api.h>
#include <arrow/csv/api.h>
#include <arrow/csv/parser.h>
#include <arrow/io/api.h>
#include <arrow/io/stdio.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <deque>
#include <streambuf>

#include "base/utf8.h"
#include "work/tables/arrow_module.h"
#include "work/tables/arrow_status.h"
#include "work/tables/arrow_values.h"
#include "work/tables/open_quote.h"
#include "work/tables/typed_rows.h"
#include "work/tables/watched_stream.h"

namespace tastevin::tables {
namespace {

std::shared_ptr<arrow::io::ReadableFile> opened(const std::filesystem::path& file) {
  return read_or_fail(arrow::io::ReadableFile::Open(file.string()), file);
}

/// The bytes of a file or of standard input, unpacked while they are read.
std::shared_ptr<arrow::io::InputStream> input_of(const std::filesystem::path& file, Packing packing) {
  std::shared_ptr<arrow::io::InputStream> bytes;
  if (file == kStandardStream) {
    bytes = std::make_shared<arrow::io::StdinStream>();
  } else {
    bytes = opened(file);
  }
  if (packing == Packing::none) return bytes;
  const auto compression = packing == Packing::gzip ? arrow::Compression::GZIP : arrow::Compression::ZSTD;
  const auto codec = read_or_fail(arrow::util::Codec::Create(compression), file);
  return read_or_fail(arrow::io::CompressedInputStream::Make(codec.get(), bytes), file);
}

/// A row of a text table with too many or too few values, by its number in the file from 1, the header counted,
/// blank lines not.
struct RaggedRow {
  std::int64_t number = 0;
  std::string error;
};
using RaggedRows = std::deque<RaggedRow>;

/// Batches, and how much of their file they are.
class Batches {
 public:
  virtual ~Batches() = default;
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  /// No batch after the last.
  virtual arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) = 0;
  virtual std::optional<double> share_read() const = 0;
  /// After the last batch: the line of a quote that is never closed, 0 when all are.
  virtual std::uint64_t line_of_open_quote() const { return 0; }
};

class ArrowReader : public TableReader {
 public:
  /// `ragged` is filled while `batches` are read, ahead of them.
  ArrowReader(std::filesystem::path file, Form form, std::unique_ptr<Batches> batches,
              std::shared_ptr<RaggedRows> ragged = std::make_shared<RaggedRows>())
      : file_(std::move(file)),
        typed_(!is_text(form)),
        batches_(std::move(batches)),
        ragged_(std::move(ragged)),
        names_(batches_->schema()->field_names()) {}

  const std::vector<std::string>& names() const override { return names_; }
  std::optional<double> share_read() const override { return share_; }
  std::string types() const override { return typed_ ? batches_->schema()->ToString() : ""; }

  /// One block behind what is read: the last row is known as such. The first has types even where there is no row.
  std::optional<Rows> next() override {
    if (!ahead_) {
      ahead_ = read();
      if (!*ahead_ && typed_) *ahead_ = no_rows();
    }
    if (!*ahead_) return std::nullopt;
    Rows rows = std::move(**ahead_);
    share_ = batches_->share_read();
    ahead_ = read();
    if (!*ahead_) check_last_row(rows);
    return rows;
  }

 private:
  std::optional<Rows> read() {
    std::shared_ptr<arrow::RecordBatch> batch;
    if (const arrow::Status status = batches_->next(batch); !status.ok()) fail_to_read(file_, status);
    Rows rows = rows_of(names_.size());
    if (batch) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        const arrow::Array& values = *batch->column(static_cast<int>(i));
        rows.columns[i] = column_of(values, file_);
        rows.missing.push_back(missing_of(values));
        if (typed_) rows.json.emplace_back(rows.columns[i].size(), is_json(*values.type()));
      }
      if (typed_) rows.typed.push_back({std::make_shared<TypedRows>(batch), 0, rows.count()});
    }
    put_ragged_rows_in_their_places(rows, batch == nullptr);
    if (!batch && rows.count() == 0) return std::nullopt;
    return rows;
  }

  Rows no_rows() const {
    Rows rows = rows_of(names_.size());
    auto none = read_or_fail(arrow::RecordBatch::MakeEmpty(batches_->schema()), file_);
    rows.typed.push_back({std::make_shared<TypedRows>(std::move(none)), 0, 0});
    return rows;
  }

  /// A quote that is never closed makes all behind it one value.
  void check_last_row(Rows& rows) const {
    const std::uint64_t line = batches_->line_of_open_quote();
    if (line == 0 || rows.count() == 0) return;
    std::string there = rows.errors.empty() ? "" : rows.errors.back();
    for (Column& column : rows.columns) {
      if (!column.back().empty()) there += (there.empty() ? "" : ", ") + in_quotes(column.back(), 2000);
      column.back().clear();
    }
    rows.errors.resize(rows.count());
    rows.errors.back() = "line " + std::to_string(line) + ": a quote is opened and never closed: " + there;
  }

  void put_ragged_rows_in_their_places(Rows& rows, bool at_end) {
    if (ragged_->empty()) {
      next_number_ += static_cast<std::int64_t>(rows.count());
      return;
    }
    Rows merged = rows_of(names_.size());
    std::size_t row = 0;
    while (row < rows.count() || (at_end && !ragged_->empty())) {
      const bool is_ragged = !ragged_->empty() && (row == rows.count() || ragged_->front().number == next_number_);
      ++next_number_;
      const std::string error = is_ragged ? ragged_->front().error : "";
      if (is_ragged) ragged_->pop_front();
      for (std::size_t i = 0; i < names_.size(); ++i)
        merged.columns[i].push_back(is_ragged ? "" : std::move(rows.columns[i][row]));
      merged.errors.push_back(error);
      if (!is_ragged) ++row;
    }
    rows = std::move(merged);
  }

  std::filesystem::path file_;
  bool typed_;
  std::unique_ptr<Batches> batches_;
  std::shared_ptr<RaggedRows> ragged_;
  std::int64_t next_number_ = 2;  // the header is 1
  std::vector<std::string> names_;
  std::optional<std::optional<Rows>> ahead_;  // none before the first is asked for
  std::optional<double> share_;               // of the file, that the rows given are
};

class TextBatches : public Batches {
 public:
  /// `size` is that of the file, where it is known.
  TextBatches(std::shared_ptr<arrow::csv::StreamingReader> reader, std::optional<std::int64_t> size,
              std::shared_ptr<const OpenQuote> quotes)
      : reader_(std::move(reader)), size_(size), quotes_(std::move(quotes)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override { return reader_->ReadNext(&batch); }
  std::optional<double> share_read() const override {
    if (!size_) return std::nullopt;
    return std::min(1.0, static_cast<double>(reader_->bytes_read()) / static_cast<double>(*size_));
  }
  std::uint64_t line_of_open_quote() const override { return quotes_->line(); }

 private:
  std::shared_ptr<arrow::csv::StreamingReader> reader_;
  std::optional<std::int64_t> size_;
  std::shared_ptr<const OpenQuote> quotes_;
};

/// Of a table that is a header alone, which Arrow refuses where no line feed follows.
class NoBatches : public Batches {
 public:
  explicit NoBatches(const std::vector<std::string>& names) {
    arrow::FieldVector fields;
    for (const std::string& name : names) fields.push_back(arrow::field(name, arrow::binary()));
    schema_ = arrow::schema(std::move(fields));
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& /*batch*/) override { return arrow::Status::OK(); }
  std::optional<double> share_read() const override { return 1; }

 private:
  std::shared_ptr<arrow::Schema> schema_;
};

class TextTable {
 public:
  TextTable(std::filesystem::path file, Format format)
      : file_(std::move(file)),
        quotes_(std::make_shared<OpenQuote>(delimiter_of(format.form))),
        bytes_(read_or_fail(
            arrow::io::BufferedInputStream::Create(kFirstBytes, arrow::default_memory_pool(), watched(format)),
            file_)) {
    read_.use_threads = false;
    parse_.delimiter = delimiter_of(format.form);
    parse_.quoting = has_quotes(format.form);
    parse_.newlines_in_values = has_quotes(format.form);
    convert_.check_utf8 = false;
    convert_.strings_can_be_null = false;
    if (file_ != kStandardStream && format.packing == Packing::none)
      size_ = static_cast<std::int64_t>(std::filesystem::file_size(file_));
  }

  /// All columns as bytes: their names are learnt first.
  std::unique_ptr<TableReader> open() {
    const std::vector<std::string> names = header();
    if (header_is_all_) return std::make_unique<ArrowReader>(file_, Form::csv, std::make_unique<NoBatches>(names));
    for (const std::string& name : names) convert_.column_types[name] = arrow::binary();
    parse_.ignore_empty_lines = names.size() > 1;  // of a single column, an empty line is an empty text
    const auto ragged = std::make_shared<RaggedRows>();
    parse_.invalid_row_handler = [ragged](const arrow::csv::InvalidRow& row) {
      ragged->push_back({row.number, error_of(row)});
      return arrow::csv::InvalidRowResult::Skip;
    };
    auto reader = read_or_fail(
        arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), bytes_, read_, parse_, convert_), file_);
    return std::make_unique<ArrowReader>(file_, Form::csv,
                                         std::make_unique<TextBatches>(std::move(reader), size_, quotes_), ragged);
  }

 private:
  static constexpr std::int64_t kFirstBytes = std::int64_t{64} << 10U;
  static constexpr std::int64_t kMostOfAHeader = std::int64_t{16} << 20U;

  std::shared_ptr<arrow::io::InputStream> watched(Format format) {
    auto bytes = input_of(file_, format.packing);
    if (!has_quotes(format.form)) return bytes;
    return std::make_shared<WatchedStream>(std::move(bytes), quotes_);
  }

  /// Rows are told of from 1, the header not counted, as everywhere.
  static std::string error_of(const arrow::csv::InvalidRow& row) {
    return "row " + std::to_string(row.number - 1) + ": expected " + std::to_string(row.expected_columns) +
           " values, found " + std::to_string(row.actual_columns) + ": " + in_quotes(row.text, 2000);
  }

  /// The values of the first row, which stays to be read.
  std::vector<std::string> header() {
    for (std::int64_t wanted = kFirstBytes;; wanted *= 2) {
      check(bytes_->SetBufferSize(wanted));
      std::string_view bytes = read_or_fail(bytes_->Peek(wanted), file_);
      if (bytes.empty()) fail_as_empty();
      const bool all = static_cast<std::int64_t>(bytes.size()) < wanted;
      if (bytes.starts_with(utf8::kByteOrderMark)) bytes.remove_prefix(utf8::kByteOrderMark.size());
      if (all && bytes.find_first_not_of("\r\n") == std::string_view::npos) fail_as_empty();
      arrow::csv::BlockParser parser(parse_, -1, 0, 1);
      std::uint32_t parsed = 0;
      check(all ? parser.ParseFinal(bytes, &parsed) : parser.Parse(bytes, &parsed));
      header_is_all_ = all && parsed == bytes.size();
      if (parser.num_rows() == 1) return first_row(parser);
      if (all) return {};  // the reader says what is wrong
      if (wanted >= kMostOfAHeader) check(arrow::Status::Invalid("the first row is longer than 16 MB"));
    }
  }

  std::vector<std::string> first_row(const arrow::csv::BlockParser& parser) const {
    std::vector<std::string> names;
    check(
        parser.VisitLastRow([&names](const std::uint8_t* data, std::uint32_t size, bool /*quoted*/, bool /*escaped*/) {
          names.emplace_back(data, data + size);
          return arrow::Status::OK();
        }));
    return names;
  }

  void fail_as_empty() const { check(arrow::Status::Invalid("it is empty: expected a row of names")); }

  void check(const arrow::Status& status) const {
    if (!status.ok()) fail_to_read(file_, status);
  }

  std::filesystem::path file_;
  std::shared_ptr<OpenQuote> quotes_;
  std::shared_ptr<arrow::io::BufferedInputStream> bytes_;
  std::optional<std::int64_t> size_;
  bool header_is_all_ = false;
  arrow::csv::ReadOptions read_ = arrow::csv::ReadOptions::Defaults();
  arrow::csv::ParseOptions parse_ = arrow::csv::ParseOptions::Defaults();
  arrow::csv::ConvertOptions convert_ = arrow::csv::ConvertOptions::Defaults();
};

double share(std::int64_t part, std::int64_t all) {
  return all == 0 ? 1 : static_cast<double>(part) / static_cast<double>(all);
}

/// A Parquet file's batches, which borrow from their reader.
class ParquetBatches : public Batches {
 public:
  explicit ParquetBatches(const std::filesystem::path& file)
      : file_(read_or_fail(parquet::arrow::OpenFile(opened(file), arrow::default_memory_pool()), file)),
        batches_(read_or_fail(file_->GetRecordBatchReader(), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override {
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
    rows_ += batch ? batch->num_rows() : 0;
    return arrow::Status::OK();
  }
  std::optional<double> share_read() const override {
    return share(rows_, file_->parquet_reader()->metadata()->num_rows());
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::int64_t rows_ = 0;
};

/// The batches of an Arrow IPC file, whose index stands at its end.
class ArrowFileBatches : public Batches {
 public:
  explicit ArrowFileBatches(const std::filesystem::path& file)
      : file_(read_or_fail(arrow::ipc::RecordBatchFileReader::Open(opened(file)), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override {
    if (next_ == file_->num_record_batches()) return arrow::Status::OK();
    return file_->ReadRecordBatch(next_++).Value(&batch);
  }
  std::optional<double> share_read() const override { return share(next_, file_->num_record_batches()); }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

class ArrowStreamBatches : public Batches {
 public:
  ArrowStreamBatches(const std::filesystem::path& file, Packing packing)
      : stream_(read_or_fail(arrow::ipc::RecordBatchStreamReader::Open(input_of(file, packing)), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return stream_->schema(); }
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& batch) override { return stream_->ReadNext(&batch); }
  std::optional<double> share_read() const override { return std::nullopt; }

 private:
  std::shared_ptr<arrow::RecordBatchReader> stream_;
};

std::unique_ptr<Batches> typed_batches(const std::filesystem::path& file, Format format) {
  if (format.form == Form::parquet) return std::make_unique<ParquetBatches>(file);
  if (format.form == Form::arrow_file) return std::make_unique<ArrowFileBatches>(file);
  return std::make_unique<ArrowStreamBatches>(file, format.packing);
}

/// A compressed file as the standard library reads bytes.
class UnpackingBuffer : public std::streambuf {
 public:
  UnpackingBuffer(std::filesystem::path file, Packing packing)
      : file_(std::move(file)), input_(input_of(file_, packing)), block_(std::size_t{1} << 16U) {}

 protected:
  int_type underflow() override {
    const std::int64_t count =
        read_or_fail(input_->Read(static_cast<std::int64_t>(block_.size()), block_.data()), file_);
    if (count == 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + count);
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::filesystem::path file_;
  std::shared_ptr<arrow::io::InputStream> input_;
  std::vector<char> block_;
};

}  // namespace
}  // namespace tastevin::tables

extern "C" __attribute__((visibility("default"))) void tastevin_open_table(
    const std::filesystem::path& file, tastevin::tables::Format format,
    std::unique_ptr<tastevin::tables::TableReader>& reader) {
  using namespace tastevin::tables;  // NOLINT(google-build-using-namespace): of one function
  if (is_text(format.form)) {
    reader = TextTable(file, format).open();
  } else {
    reader = std::make_unique<ArrowReader>(file, format.form, typed_batches(file, format));
  }
}

extern "C" __attribute__((visibility("default"))) void tastevin_open_packed(const std::filesystem::path& file,
                                                                            tastevin::tables::Packing packing,
                                                                            std::unique_ptr<std::streambuf>& bytes) {
  bytes = std::make_unique<tastevin::tables::UnpackingBuffer>(file, packing);
}
