#include "work/jobs/row_source.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "work/tables/input_files.h"
#include "work/tables/standard_input.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;

double bytes_of(const fs::path& file) {
  std::error_code ignored;
  const auto size = fs::file_size(file, ignored);
  return ignored ? 0 : static_cast<double>(size);
}

}  // namespace

RowSource::RowSource(const std::string& input, std::string ending, Types types)
    : files_(tables::files_of(input)), ending_(std::move(ending)), types_(types) {
  open_next();
  // Before hours of work: a file of other columns would end it.
  const bool names_values = reader_->choose(names_);
  std::vector<std::pair<fs::path, Columns>> others;  // whose columns are theirs, of which there must be no more or less
  for (std::size_t i = 1; i < files_.size(); ++i) {
    const auto reader = tables::open(files_[i], tables::input_format_of(files_[i], ending_));
    if (names_values && reader->choose(reader->names())) {
      add_names(reader->names());
    } else {
      others.emplace_back(files_[i], Columns{reader->names(), reader->types()});
    }
  }
  for (const auto& [file, columns] : others) check(file, columns);
  reader_->choose(names_);
  rows_.columns.resize(names_.size());
}

/// Rows of JSON lines have what columns they have.
void RowSource::add_names(const std::vector<std::string>& more) {
  for (const std::string& name : more)
    if (std::ranges::find(names_, name) == names_.end()) names_.push_back(name);
}

void RowSource::want(const std::vector<std::size_t>& columns) {
  wanted_ = columns;
  reader_->want(columns);
}

tables::Rows RowSource::next(std::size_t count, std::size_t bytes) {
  std::size_t rows = 0;
  std::size_t taken = 0;
  while (rows < count && taken < bytes) {
    if (rows < sizes_.size()) {
      taken += sizes_[rows++];
    } else if (!read_block()) {
      break;
    }
  }
  sizes_.erase(sizes_.begin(), sizes_.begin() + static_cast<std::ptrdiff_t>(rows));
  return tables::take(rows_, at_end_ ? count : rows);  // at the end perhaps no rows, but their types
}

/// Puts more rows behind those that there are; false at the end of all.
bool RowSource::read_block() {
  auto block = reader_->next();
  if (!block) {
    at_end_ = next_ == files_.size();
    if (!at_end_) open_next();
    return !at_end_;
  }
  rows_read_ += block->count();
  if (files_.size() > 1) name_file(block->errors);
  for (std::size_t row = 0; row < block->count(); ++row) sizes_.push_back(block->size_of(row));
  tables::append(rows_, std::move(*block));
  return true;
}

/// Rows are numbered in each file anew.
void RowSource::name_file(std::vector<std::string>& errors) const {
  for (std::string& error : errors)
    if (!error.empty()) error.insert(0, in_quotes(files_[next_ - 1].string(), 200) + ": ");
}

std::optional<std::size_t> RowSource::expected_rows() const {
  const std::optional<double> share = reader_->share_read();
  if (!share) return std::nullopt;
  double all = 0;
  double read = 0;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const double bytes = files_.size() == 1 ? 1 : bytes_of(files_[i]);
    all += bytes;
    read += i + 1 < next_ ? bytes : i + 1 == next_ ? bytes * *share : 0;
  }
  if (read == 0) return std::nullopt;
  return static_cast<std::size_t>(static_cast<double>(rows_read_) * all / read);
}

void RowSource::open_next() {
  const fs::path& file = files_[next_++];
  reader_ = tables::open(file, tables::input_format_of(file, ending_));
  if (next_ == 1) {
    names_ = reader_->names();
    first_types_ = reader_->types();
    return;
  }
  if (!reader_->choose(names_)) check(file, {reader_->names(), reader_->types()});
  if (wanted_) reader_->want(*wanted_);
}

void RowSource::check(const fs::path& file, const Columns& columns) const {
  if (columns.names != names_) refuse(file, "columns", list_in_quotes(names_), list_in_quotes(columns.names));
  if (types_ == Types::same && columns.types != first_types_)
    refuse(file, "types", in_quotes(first_types_), in_quotes(columns.types));
}

void RowSource::refuse(const fs::path& file, const char* what, const std::string& expected,
                       const std::string& found) const {
  throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": expected the " + what + " of " +
                                               in_quotes(files_.front().string(), 200) + " (" + expected + "), found " +
                                               found);
}

void RowSource::leave() const {
  if (files_.front() == tables::kStandardStream) tables::leave_standard_input();
}

PartsAhead::~PartsAhead() {
  source_.leave();
  if (next_.valid()) next_.wait();
}

bool PartsAhead::at_end() {
  std::promise<Part> known;
  Part part = next_.get();
  const bool at_end = part.rows.count() == 0;
  known.set_value(std::move(part));
  next_ = known.get_future();
  return at_end;
}

std::future<PartsAhead::Part> PartsAhead::read() {
  return std::async(std::launch::async, [this] {
    tables::Rows rows = source_.next(rows_a_part_, bytes_a_part_);
    return Part{std::move(rows), source_.at_end(), source_.expected_rows()};
  });
}

}  // namespace tastevin::jobs
