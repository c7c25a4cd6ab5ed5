#include "work/tables/arrow_module.h"

#include <arrow/api.h>
#include <arrow/csv/api.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>

#include <cctype>
#include <deque>
#include <streambuf>

#include "base/error.h"

namespace tastevin::tables {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const arrow::Status& status) {
  throw Error(ErrorCode::invalid_argument,
              in_quotes(file.string(), 200) + ": cannot be read: " + in_quotes(status.message(), 300));
}

template <class T>
T value_or_fail(arrow::Result<T> result, const std::filesystem::path& file) {
  if (!result.ok()) fail(file, result.status());
  return std::move(result).ValueUnsafe();
}

std::shared_ptr<arrow::io::ReadableFile> opened(const std::filesystem::path& file) {
  return value_or_fail(arrow::io::ReadableFile::Open(file.string()), file);
}

arrow::Compression::type compression_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (ending == ".gz") return arrow::Compression::GZIP;
  return ending == ".zst" ? arrow::Compression::ZSTD : arrow::Compression::UNCOMPRESSED;
}

/// The bytes of a file, unpacked while they are read where its ending says so.
std::shared_ptr<arrow::io::InputStream> input_of(const std::filesystem::path& file) {
  const arrow::Compression::type compression = compression_of(file);
  if (compression == arrow::Compression::UNCOMPRESSED) return opened(file);
  const auto codec = value_or_fail(arrow::util::Codec::Create(compression), file);
  return value_or_fail(arrow::io::CompressedInputStream::Make(codec.get(), opened(file)), file);
}

template <class Array>
void append_views(const arrow::Array& values, Column& column) {
  const auto& typed = static_cast<const Array&>(values);
  for (std::int64_t i = 0; i < typed.length(); ++i) column.emplace_back(typed.IsNull(i) ? "" : typed.GetView(i));
}

std::string text_of(const arrow::Scalar& value) {
  if (value.type->id() != arrow::Type::DICTIONARY) return value.ToString();
  const auto decoded = static_cast<const arrow::DictionaryScalar&>(value).GetEncodedValue();
  return decoded.ok() ? (*decoded)->ToString() : "";
}

/// Text as its bytes, other types as Arrow writes them, and nothing for a value that is not there.
Column column_of(const arrow::Array& values, const std::filesystem::path& file) {
  Column column;
  column.reserve(static_cast<std::size_t>(values.length()));
  switch (values.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      append_views<arrow::BinaryArray>(values, column);
      return column;
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      append_views<arrow::LargeBinaryArray>(values, column);
      return column;
    default:
      break;
  }
  for (std::int64_t i = 0; i < values.length(); ++i) {
    const auto value = value_or_fail(values.GetScalar(i), file);
    column.push_back(value->is_valid ? text_of(*value) : "");
  }
  return column;
}

/// A row of a text table with too many or too few values, by its number in the file from 1, the header counted,
/// blank lines not.
struct RaggedRow {
  std::int64_t number = 0;
  std::string error;
};
using RaggedRows = std::deque<RaggedRow>;

class ArrowReader : public TableReader {
 public:
  /// `ragged` is filled while `batches` is read, ahead of it.
  ArrowReader(std::filesystem::path file, std::shared_ptr<arrow::RecordBatchReader> batches,
              std::shared_ptr<RaggedRows> ragged)
      : file_(std::move(file)),
        batches_(std::move(batches)),
        ragged_(std::move(ragged)),
        names_(batches_->schema()->field_names()) {}

  const std::vector<std::string>& names() const override { return names_; }

  std::optional<Rows> next() override {
    std::shared_ptr<arrow::RecordBatch> batch;
    if (const arrow::Status status = batches_->ReadNext(&batch); !status.ok()) fail(file_, status);
    Rows rows{std::vector<Column>(names_.size()), {}, {}};
    if (batch) {
      for (std::size_t i = 0; i < names_.size(); ++i)
        rows.columns[i] = column_of(*batch->column(static_cast<int>(i)), file_);
    }
    put_ragged_rows_in_their_places(rows, batch == nullptr);
    if (!batch && rows.count() == 0) return std::nullopt;
    return rows;
  }

 private:
  void put_ragged_rows_in_their_places(Rows& rows, bool at_end) {
    if (ragged_->empty()) {
      next_number_ += static_cast<std::int64_t>(rows.count());
      return;
    }
    Rows merged{std::vector<Column>(names_.size()), {}, {}};
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
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<RaggedRows> ragged_;
  std::int64_t next_number_ = 2;  // the header is 1
  std::vector<std::string> names_;
};

class TextTable {
 public:
  TextTable(std::filesystem::path file, TableForm form) : file_(std::move(file)) {
    read_.use_threads = false;
    if (form == TableForm::tsv) {
      parse_.delimiter = '\t';
      parse_.quoting = false;
    }
    parse_.newlines_in_values = form == TableForm::csv;
    convert_.check_utf8 = false;
    convert_.strings_can_be_null = false;
  }

  /// All columns as bytes: their names are learnt first.
  std::unique_ptr<TableReader> open() {
    const auto ragged = std::make_shared<RaggedRows>();
    parse_.invalid_row_handler = [ragged](const arrow::csv::InvalidRow& row) {
      ragged->push_back({row.number, error_of(row)});
      return arrow::csv::InvalidRowResult::Skip;
    };
    const std::vector<std::string> names = batches()->schema()->field_names();
    for (const std::string& name : names) convert_.column_types[name] = arrow::binary();
    parse_.ignore_empty_lines = names.size() > 1;  // of a single column, an empty line is an empty text
    ragged->clear();
    return std::make_unique<ArrowReader>(file_, batches(), ragged);
  }

 private:
  static std::string error_of(const arrow::csv::InvalidRow& row) {
    return "row " + std::to_string(row.number) + ": expected " + std::to_string(row.expected_columns) +
           " values, found " + std::to_string(row.actual_columns) + ": " + in_quotes(row.text, 2000);
  }

  std::shared_ptr<arrow::RecordBatchReader> batches() const {
    return value_or_fail(
        arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), input_of(file_), read_, parse_, convert_),
        file_);
  }

  std::filesystem::path file_;
  arrow::csv::ReadOptions read_ = arrow::csv::ReadOptions::Defaults();
  arrow::csv::ParseOptions parse_ = arrow::csv::ParseOptions::Defaults();
  arrow::csv::ConvertOptions convert_ = arrow::csv::ConvertOptions::Defaults();
};

/// A Parquet file's batches, which borrow from their reader.
class ParquetBatches : public arrow::RecordBatchReader {
 public:
  explicit ParquetBatches(const std::filesystem::path& file)
      : file_(value_or_fail(parquet::arrow::OpenFile(opened(file), arrow::default_memory_pool()), file)),
        batches_(value_or_fail(file_->GetRecordBatchReader(), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override { return batches_->ReadNext(batch); }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
};

/// The batches of an Arrow IPC file, whose index stands at its end.
class ArrowFileBatches : public arrow::RecordBatchReader {
 public:
  explicit ArrowFileBatches(const std::filesystem::path& file)
      : file_(value_or_fail(arrow::ipc::RecordBatchFileReader::Open(opened(file)), file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    if (next_ == file_->num_record_batches()) return arrow::Status::OK();
    return file_->ReadRecordBatch(next_++).Value(batch);
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

std::unique_ptr<TableReader> typed_reader(const std::filesystem::path& file,
                                          std::shared_ptr<arrow::RecordBatchReader> batches) {
  return std::make_unique<ArrowReader>(file, std::move(batches), std::make_shared<RaggedRows>());
}

/// A compressed file as the standard library reads bytes.
class UnpackingBuffer : public std::streambuf {
 public:
  explicit UnpackingBuffer(std::filesystem::path file)
      : file_(std::move(file)), input_(input_of(file_)), block_(std::size_t{1} << 16U) {}

 protected:
  int_type underflow() override {
    const std::int64_t count =
        value_or_fail(input_->Read(static_cast<std::int64_t>(block_.size()), block_.data()), file_);
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
    const std::filesystem::path& file, tastevin::tables::TableForm form,
    std::unique_ptr<tastevin::tables::TableReader>& reader) {
  using namespace tastevin::tables;  // NOLINT(google-build-using-namespace): of one function
  switch (form) {
    case TableForm::csv:
    case TableForm::tsv:
      reader = TextTable(file, form).open();
      break;
    case TableForm::parquet:
      reader = typed_reader(file, std::make_shared<ParquetBatches>(file));
      break;
    case TableForm::arrow_file:
      reader = typed_reader(file, std::make_shared<ArrowFileBatches>(file));
      break;
    case TableForm::arrow_stream:
      reader = typed_reader(file, value_or_fail(arrow::ipc::RecordBatchStreamReader::Open(input_of(file)), file));
      break;
  }
}

extern "C" __attribute__((visibility("default"))) void tastevin_open_compressed(
    const std::filesystem::path& file, std::unique_ptr<std::streambuf>& bytes) {
  bytes = std::make_unique<tastevin::tables::UnpackingBuffer>(file);
}
