#include <arrow/api.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/byte_size.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <unistd.h>

#include <algorithm>
#include <type_traits>

#include "base/last_error.h"
#include "base/utf8.h"
#include "work/tables/arrow_module.h"
#include "work/tables/arrow_status.h"
#include "work/tables/plain_types.h"
#include "work/tables/typed_rows.h"

namespace tastevin::tables {
namespace {

namespace fs = std::filesystem;

constexpr char kPart[] = "part";  // what messages call one that is made in memory

/// Its bytes are with the system when a write returns: Arrow's own stream keeps them in std::cout and checks nothing.
arrow::Result<std::shared_ptr<arrow::io::FileOutputStream>> standard_output() {
  const int fd = ::dup(STDOUT_FILENO);
  if (fd < 0) return arrow::Status::IOError(last_error().message());
  return arrow::io::FileOutputStream::Open(fd);
}

/// A file, or standard output, and what packs its bytes.
class Destination {
 public:
  Destination(const fs::path& file, Packing packing)
      : stream_(written_or_fail(
            file == kStandardStream ? standard_output() : arrow::io::FileOutputStream::Open(file.string()), file)) {
    if (packing == Packing::none) return;
    const auto compression = packing == Packing::gzip ? arrow::Compression::GZIP : arrow::Compression::ZSTD;
    codec_ = written_or_fail(arrow::util::Codec::Create(compression), file);
    stream_ = written_or_fail(arrow::io::CompressedOutputStream::Make(codec_.get(), stream_), file);
  }

  const std::shared_ptr<arrow::io::OutputStream>& stream() const { return stream_; }

 private:
  std::shared_ptr<arrow::util::Codec> codec_;  // outlives the stream
  std::shared_ptr<arrow::io::OutputStream> stream_;
};

class PackingSink : public ByteSink {
 public:
  PackingSink(const fs::path& file, Packing packing) : file_(file), to_(file, packing) {}

  void write(std::string_view bytes) override {
    check_written(to_.stream()->Write(bytes.data(), static_cast<std::int64_t>(bytes.size())), file_);
  }
  void close() override { check_written(to_.stream()->Close(), file_); }

 private:
  fs::path file_;
  Destination to_;
};

/// Marks a column of a text form: it is text unless one of its values is not UTF-8.
const std::shared_ptr<const arrow::KeyValueMetadata>& text_or_bytes() {
  static const std::shared_ptr<const arrow::KeyValueMetadata> mark =
      arrow::key_value_metadata({"tastevin"}, {"text or bytes"});
  return mark;
}

bool is_text_or_bytes(const arrow::Field& field) {
  return field.type()->id() == arrow::Type::BINARY && field.HasMetadata() && field.metadata()->Equals(*text_or_bytes());
}

template <class Builder, class Append>
std::shared_ptr<arrow::Array> built(Builder& builder, std::size_t count, const Append& append) {
  for (std::size_t i = 0; i < count; ++i) check_written(append(builder, i), kPart);
  return written_or_fail(builder.Finish(), kPart);
}

std::shared_ptr<arrow::Array> bytes_of(const Rows& rows, std::size_t column) {
  arrow::BinaryBuilder builder;
  return built(builder, rows.count(), [&](auto& to, std::size_t i) {
    return rows.is_missing(column, i) ? to.AppendNull() : to.Append(rows.columns[column][i]);
  });
}

class PartColumns {
 public:
  explicit PartColumns(const TypedPart& part) : part_(part), count_(part.rows.count()) {}

  std::shared_ptr<arrow::RecordBatch> batch() {
    for (const std::size_t column : part_.kept) add_kept(column);
    for (std::size_t i = 0; i < part_.added.size(); ++i) add_new(i);
    return arrow::RecordBatch::Make(arrow::schema(fields_, metadata()), static_cast<std::int64_t>(count_), columns_);
  }

 private:
  /// What the input says of all its columns, such as which are pandas' index.
  std::shared_ptr<const arrow::KeyValueMetadata> metadata() const {
    if (part_.rows.typed.empty() || part_.kept.size() != part_.names.size()) return nullptr;
    return part_.rows.typed.front().rows->batch->schema()->metadata();
  }

  void add_kept(std::size_t column) {
    if (part_.rows.typed.empty()) {
      fields_.push_back(arrow::field(part_.names[column], arrow::binary(), text_or_bytes()));
      columns_.push_back(bytes_of(part_.rows, column));
      return;
    }
    const auto place = static_cast<int>(column);
    const std::shared_ptr<arrow::Field> field = part_.rows.typed.front().rows->batch->schema()->field(place);
    arrow::ArrayVector slices;
    for (const TypedSlice& slice : part_.rows.typed) {
      slices.push_back(plain(slice.rows->batch->column(place)->Slice(static_cast<std::int64_t>(slice.begin),
                                                                     static_cast<std::int64_t>(slice.count))));
    }
    fields_.push_back(field->WithType(slices.front()->type()));
    columns_.push_back(written_or_fail(arrow::Concatenate(slices), kPart));
  }

  void add_new(std::size_t column) {
    const AddedColumn& added = part_.added[column];
    const auto value_or_null = [&](auto& builder, const auto& type, std::size_t i) {
      const auto* value = std::get_if<std::remove_cvref_t<decltype(type)>>(&part_.values[i][column]);
      return value == nullptr ? builder.AppendNull() : builder.Append(*value);
    };
    const auto build = [&](auto builder, const auto& type) {
      columns_.push_back(built(builder, count_, [&](auto& to, std::size_t i) { return value_or_null(to, type, i); }));
    };
    switch (added.type) {
      case ValueType::text:
        build(arrow::StringBuilder(), std::string());
        break;
      case ValueType::number:
        build(arrow::FloatBuilder(), float());
        break;
      case ValueType::count:
        build(arrow::UInt64Builder(), std::uint64_t());
        break;
      case ValueType::truth:
        build(arrow::BooleanBuilder(), bool());
        break;
      case ValueType::numbers:
        columns_.push_back(lists<std::vector<float>, arrow::FloatBuilder>(column));
        break;
      case ValueType::texts:
        columns_.push_back(lists<std::vector<std::string>, arrow::StringBuilder>(column));
        break;
      case ValueType::json:
        columns_.push_back(json(column));
        break;
    }
    fields_.push_back(arrow::field(added.name, columns_.back()->type()));
  }

  template <class List, class ElementBuilder>
  std::shared_ptr<arrow::Array> lists(std::size_t column) const {
    const auto elements = std::make_shared<ElementBuilder>();
    arrow::ListBuilder builder(arrow::default_memory_pool(), elements);
    return built(builder, count_, [&](arrow::ListBuilder& to, std::size_t i) {
      const auto* value = std::get_if<List>(&part_.values[i][column]);
      if (value == nullptr) return to.AppendNull();
      ARROW_RETURN_NOT_OK(to.Append());
      return elements->AppendValues(*value);
    });
  }

  std::shared_ptr<arrow::Array> json(std::size_t column) const {
    arrow::StringBuilder builder;
    return built(builder, count_, [&](auto& to, std::size_t i) {
      const auto* value = std::get_if<JsonText>(&part_.values[i][column]);
      return value == nullptr ? to.AppendNull() : to.Append(value->json);
    });
  }

  const TypedPart& part_;
  std::size_t count_;
  arrow::FieldVector fields_;
  arrow::ArrayVector columns_;
};

std::string ipc_stream(const arrow::RecordBatch& batch) {
  const auto buffer = written_or_fail(arrow::io::BufferOutputStream::Create(), kPart);
  const auto writer = written_or_fail(arrow::ipc::MakeStreamWriter(buffer, batch.schema()), kPart);
  check_written(writer->WriteRecordBatch(batch), kPart);
  check_written(writer->Close(), kPart);
  return written_or_fail(buffer->Finish(), kPart)->ToString();
}

std::shared_ptr<arrow::RecordBatch> read_part(const fs::path& part) {
  const auto file = read_or_fail(arrow::io::ReadableFile::Open(part.string()), part);
  const auto reader = read_or_fail(arrow::ipc::RecordBatchStreamReader::Open(file), part);
  std::shared_ptr<arrow::RecordBatch> batch;
  if (const arrow::Status status = reader->ReadNext(&batch); !status.ok()) fail_to_read(part, status);
  if (batch == nullptr) fail_to_read(part, arrow::Status::Invalid("expected rows, found none"));
  return batch;
}

/// Another part than the first, whose types are `schema`; the metadata is that of the first.
std::shared_ptr<arrow::RecordBatch> read_part(const fs::path& part, const arrow::Schema& schema) {
  auto batch = read_part(part);
  if (batch->schema()->Equals(schema, false)) return batch;
  throw Error(ErrorCode::invalid_argument, in_quotes(part.string(), 200) + ": expected the types of the first part (" +
                                               schema.ToString() + "), found " + batch->schema()->ToString());
}

bool is_utf8(const arrow::Array& column) {
  const auto& values = static_cast<const arrow::BinaryArray&>(column);
  for (std::int64_t i = 0; i < values.length(); ++i)
    if (!utf8::is_valid(values.GetView(i))) return false;
  return true;
}

/// The columns that are text in all parts, of those that may be.
std::vector<int> text_columns(const std::vector<fs::path>& parts, const arrow::Schema& schema) {
  std::vector<int> columns;
  for (int i = 0; i < schema.num_fields(); ++i)
    if (is_text_or_bytes(*schema.field(i))) columns.push_back(i);
  for (auto part = parts.begin(); part != parts.end() && !columns.empty(); ++part) {
    const auto batch = read_part(*part, schema);
    std::erase_if(columns, [&](int i) { return !is_utf8(*batch->column(i)); });
  }
  return columns;
}

std::shared_ptr<arrow::RecordBatch> with_text(const std::shared_ptr<arrow::RecordBatch>& batch,
                                              const std::vector<int>& text) {
  arrow::FieldVector fields = batch->schema()->fields();
  arrow::ArrayVector columns = batch->columns();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (is_text_or_bytes(*fields[i])) fields[i] = fields[i]->RemoveMetadata();
  }
  for (const int i : text) {
    const auto place = static_cast<std::size_t>(i);
    fields[place] = fields[place]->WithType(arrow::utf8());
    columns[place] = written_or_fail(columns[place]->View(arrow::utf8()), kPart);
  }
  return arrow::RecordBatch::Make(arrow::schema(fields, batch->schema()->metadata()), batch->num_rows(), columns);
}

/// Writes batches of one schema as a file.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;
  virtual arrow::Status write(const arrow::RecordBatch& batch) = 0;
  virtual arrow::Status close() = 0;
};

class ParquetWriter : public BatchWriter {
 public:
  ParquetWriter(const arrow::Schema& schema, const std::shared_ptr<arrow::io::OutputStream>& sink, const fs::path& file)
      : writer_(written_or_fail(
            parquet::arrow::FileWriter::Open(schema, arrow::default_memory_pool(), sink,
                                             parquet::WriterProperties::Builder()
                                                 .compression(arrow::Compression::SNAPPY)
                                                 ->max_row_group_length(kRowsAGroup)
                                                 ->build(),
                                             parquet::ArrowWriterProperties::Builder().store_schema()->build()),
            file)) {}

  arrow::Status write(const arrow::RecordBatch& batch) override {
    if (bytes_ >= kBytesAGroup) {
      ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
      bytes_ = 0;
    }
    ARROW_ASSIGN_OR_RAISE(const std::int64_t bytes, arrow::util::ReferencedBufferSize(batch));
    bytes_ += bytes;
    return writer_->WriteRecordBatch(batch);
  }
  arrow::Status close() override { return writer_->Close(); }

 private:
  // As much as is in memory at a time.
  static constexpr std::int64_t kRowsAGroup = 131'072;
  static constexpr std::int64_t kBytesAGroup = std::int64_t{64} << 20U;

  std::int64_t bytes_ = 0;  // of the batches of the group

  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

class IpcWriter : public BatchWriter {
 public:
  explicit IpcWriter(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer) : writer_(std::move(writer)) {}

  arrow::Status write(const arrow::RecordBatch& batch) override { return writer_->WriteRecordBatch(batch); }
  arrow::Status close() override { return writer_->Close(); }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

std::unique_ptr<BatchWriter> writer_of(const fs::path& file, Form form, const std::shared_ptr<arrow::Schema>& schema,
                                       const std::shared_ptr<arrow::io::OutputStream>& sink) {
  if (form == Form::parquet) return std::make_unique<ParquetWriter>(*schema, sink, file);
  auto writer =
      form == Form::arrow_file ? arrow::ipc::MakeFileWriter(sink, schema) : arrow::ipc::MakeStreamWriter(sink, schema);
  return std::make_unique<IpcWriter>(written_or_fail(std::move(writer), file));
}

/// Before hours of work that could not be joined. Throws `Error{invalid_argument}`.
void check_types(const std::shared_ptr<arrow::Schema>& schema, Form form) {
  try {
    const auto nowhere = std::make_shared<arrow::io::MockOutputStream>();
    check_written(writer_of(kPart, form, schema, nowhere)->close(), kPart);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument,
                "output-format: expected another, as the input has types that this one has not: " +
                    in_quotes(error.what(), 300));
  }
}

void join(const std::vector<fs::path>& parts, Format format, const fs::path& file) {
  const auto first = read_part(parts.front());
  const std::vector<int> text = text_columns(parts, *first->schema());
  const auto schema = with_text(first, text)->schema();
  const Destination to(file, format.packing);
  const std::unique_ptr<BatchWriter> writer = writer_of(file, format.form, schema, to.stream());
  for (const fs::path& part : parts) {
    const auto batch = with_text(read_part(part, *first->schema()), text);
    check_written(writer->write(*batch), file);
  }
  check_written(writer->close(), file);
  check_written(to.stream()->Close(), file);
}

}  // namespace
}  // namespace tastevin::tables

extern "C" __attribute__((visibility("default"))) void tastevin_create_packed(
    const std::filesystem::path& file, tastevin::tables::Packing packing,
    std::unique_ptr<tastevin::tables::ByteSink>& sink) {
  sink = std::make_unique<tastevin::tables::PackingSink>(file, packing);
}

extern "C" __attribute__((visibility("default"))) void tastevin_encode_part(const tastevin::tables::TypedPart& part,
                                                                            tastevin::tables::Form form,
                                                                            std::string& bytes) {
  const auto batch = tastevin::tables::PartColumns(part).batch();
  tastevin::tables::check_types(batch->schema(), form);
  bytes = tastevin::tables::ipc_stream(*batch);
}

extern "C" __attribute__((visibility("default"))) void tastevin_join_parts(
    const std::vector<std::filesystem::path>& parts, tastevin::tables::Format format,
    const std::filesystem::path& file) {
  tastevin::tables::join(parts, format, file);
}
