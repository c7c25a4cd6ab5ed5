#include <algorithm>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/mapped_file.h"
#include "base/utf8.h"
#include "tastevin/job.h"
#include "tastevin/version.h"
#include "work/jobs/job_columns.h"
#include "work/jobs/parts.h"
#include "work/tables/input_files.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;
using jobs::AddedColumns;
using jobs::Outcome;

constexpr std::size_t kRowsAPart = 8192;

/// One row of the input.
struct Row {
  std::vector<std::string> values;
  std::string error;  // why it could not be read
  std::string text;   // all of it, where the form has that
};

/// The rows of all files one after another, a part of them at a time: parts are what they are whatever the blocks are
/// in which the file is read.
class RowSource {
 public:
  explicit RowSource(const std::string& input) : files_(tables::files_of(input)) { open_next(); }

  const std::vector<std::string>& names() const { return names_; }

  std::vector<Row> next_part() {
    while (rows_.size() < kRowsAPart) {
      const auto block = reader_->next();
      if (!block && next_ == files_.size()) break;
      if (!block) {
        open_next();
        continue;
      }
      for (std::size_t i = 0; i < block->count(); ++i) rows_.push_back(row_of(*block, i));
    }
    const std::size_t count = std::min(kRowsAPart, rows_.size());
    std::vector<Row> part(std::make_move_iterator(rows_.begin()),
                          std::make_move_iterator(rows_.begin() + static_cast<std::ptrdiff_t>(count)));
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count));
    return part;
  }

 private:
  void open_next() {
    const fs::path& file = files_[next_++];
    reader_ = tables::open(file);
    if (next_ == 1) names_ = reader_->names();
    if (reader_->names() == names_) return;
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": expected the columns of " +
                                                 in_quotes(files_.front().string(), 200) + " (" + listed(names_) +
                                                 "), found " + listed(reader_->names()));
  }

  static std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + in_quotes(name);
    return list;
  }

  static Row row_of(const tables::Rows& block, std::size_t i) {
    Row row;
    for (const tables::Column& column : block.columns) row.values.push_back(column[i]);
    if (!block.errors.empty()) row.error = block.errors[i];
    if (!block.texts.empty()) row.text = block.texts[i];
    return row;
  }

  std::vector<fs::path> files_;
  std::size_t next_ = 0;            // the file after the one that is read
  std::vector<std::string> names_;  // of the first file, and so of all
  std::unique_ptr<tables::TableReader> reader_;
  std::deque<Row> rows_;
};

/// Reads the part after the one that is worked on.
class PartsAhead {
 public:
  explicit PartsAhead(RowSource& source) : source_(source), next_(read()) {}

  std::vector<Row> take() {
    std::vector<Row> part = next_.get();
    next_ = read();
    return part;
  }

 private:
  std::future<std::vector<Row>> read() {
    return std::async(std::launch::async, [this] { return source_.next_part(); });
  }

  RowSource& source_;
  std::future<std::vector<Row>> next_;
};

/// Answers texts; one that is refused costs the others nothing.
class Answering {
 public:
  Answering(const Classifier& classifier, const ClassifyOptions& options)
      : classifier_(classifier), options_(options) {}

  void answer(std::span<const Text> texts, std::span<Outcome* const> outcomes) {
    if (texts.empty()) return;
    try {
      Classified classified = classifier_.classify(texts, options_);
      for (std::size_t i = 0; i < texts.size(); ++i) outcomes[i]->prediction = std::move(classified.predictions[i]);
      repeated_ += classified.repeated;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::too_large) throw;
      if (texts.size() == 1) {
        outcomes.front()->error = error.what();
        return;
      }
      const std::size_t half = texts.size() / 2;
      answer(texts.first(half), outcomes.first(half));
      answer(texts.subspan(half), outcomes.subspan(half));
    }
  }

  std::size_t repeated() const { return repeated_; }

 private:
  const Classifier& classifier_;
  ClassifyOptions options_;
  std::size_t repeated_ = 0;
};

class Job {
 public:
  Job(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options)
      : form_(tables::row_form_of(job.output)),
        source_(job.input),
        added_(job.add, classifier.info(), source_.names()),
        answering_(classifier, with_all_scores(options, added_)),
        column_(tables::column_of(job.column, source_.names(), job.input)) {
    for (std::size_t i = 0; job.id_column.empty() && i < source_.names().size(); ++i) kept_.push_back(i);
    if (!job.id_column.empty()) kept_.push_back(tables::column_of(job.id_column, source_.names(), job.input));
    if (!job.pair_column.empty()) pair_column_ = tables::column_of(job.pair_column, source_.names(), job.input);
    ahead_ = std::make_unique<PartsAhead>(source_);
  }

  /// The rows of the next part as they are written; nothing after the last.
  std::optional<std::string> next_part(JobReport& report) {
    const std::vector<Row> rows = ahead_->take();
    if (rows.empty()) return std::nullopt;
    const std::vector<Outcome> outcomes = answer(rows);
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      text += row_text(rows[i], outcomes[i]);
      report.failed += static_cast<std::size_t>(!outcomes[i].error.empty());
      report.truncated += static_cast<std::size_t>(outcomes[i].prediction.truncated);
    }
    report.rows += rows.size();
    report.repeated = answering_.repeated();
    return text;
  }

  /// Leaves out a part that is there already.
  void skip_part(JobReport& report) {
    const std::size_t rows = ahead_->take().size();
    report.rows += rows;
    report.resumed += rows;
  }

  std::string head() const {
    if (form_ == tables::RowForm::jsonl) return {};
    std::vector<std::string> names = kept(source_.names());
    names.insert(names.end(), added_.names().begin(), added_.names().end());
    return tables::separated_row(form_, names);
  }

 private:
  static ClassifyOptions with_all_scores(ClassifyOptions options, const AddedColumns& added) {
    options.top_k = 0;
    options.threshold = 0.0F;
    options.logits = added.needs_logits();
    return options;
  }

  std::vector<Outcome> answer(const std::vector<Row>& rows) {
    std::vector<Outcome> outcomes(rows.size());
    std::vector<Text> texts;
    std::vector<Outcome*> answered;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      outcomes[i].error = error_of(rows[i]);
      if (!outcomes[i].error.empty()) continue;
      texts.push_back({rows[i].values[column_], pair_of(rows[i])});
      answered.push_back(&outcomes[i]);
    }
    answering_.answer(texts, answered);
    return outcomes;
  }

  std::optional<std::string_view> pair_of(const Row& row) const {
    return pair_column_ ? std::optional<std::string_view>(row.values[*pair_column_]) : std::nullopt;
  }

  std::string error_of(const Row& row) const {
    if (!row.error.empty()) return row.error;
    const bool readable =
        utf8::is_valid(row.values[column_]) && (!pair_column_ || utf8::is_valid(row.values[*pair_column_]));
    return readable ? "" : "the text is not UTF-8";
  }

  std::string row_text(const Row& row, const Outcome& outcome) const {
    if (form_ == tables::RowForm::jsonl) return tables::extended_object(object_of(row), added_.members(outcome));
    std::vector<std::string> values = kept(row.values);
    const std::vector<std::string> own = added_.values(outcome);
    values.insert(values.end(), own.begin(), own.end());
    return tables::separated_row(form_, values);
  }

  /// Of a row's values, or of the columns' names, those that go to the output.
  std::vector<std::string> kept(const std::vector<std::string>& all) const {
    std::vector<std::string> some;
    some.reserve(kept_.size());
    for (const std::size_t i : kept_) some.push_back(all[i]);
    return some;
  }

  /// The row's own object; of a broken line one that holds it as text; of other forms, and where columns are left out,
  /// one made of the columns.
  std::string object_of(const Row& row) const {
    const bool whole = kept_.size() == source_.names().size();
    if (whole && !row.text.empty() && row.error.empty()) return row.text;
    AnswerJson json = AnswerJson::object();
    if (!row.text.empty() && !row.error.empty()) {
      json["line"] = row.text;
    } else {
      for (const std::size_t i : kept_) json[source_.names()[i]] = row.values[i];
    }
    return json.dump(-1, ' ', false, AnswerJson::error_handler_t::replace);
  }

  tables::RowForm form_;
  RowSource source_;
  AddedColumns added_;
  Answering answering_;
  std::size_t column_;
  std::optional<std::size_t> pair_column_;
  std::vector<std::size_t> kept_;      // columns of the input that go to the output
  std::unique_ptr<PartsAhead> ahead_;  // last: it reads from the source until it is gone
};

/// Changes whenever a file of the folder does.
std::string digest_of_model(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  Digest digest = Digest::sha256();
  for (const fs::path& file : files) {
    digest.update(file.filename().string() + "\n");
    if (fs::file_size(file) > 0) digest.update(MappedFile(file).text());
  }
  return digest.hex();
}

/// Everything that the result depends on.
std::string record_of(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options) {
  AnswerJson json{{"tastevin", version()},
                  {"model", digest_of_model(classifier.info().folder)},
                  {"files", AnswerJson::array()},
                  {"precision", name_of(classifier.precision())},
                  {"streams", classifier.streams()},
                  {"temperature", classifier.info().calibration.temperature},
                  {"reject_below", classifier.info().calibration.reject_below.value_or(0.0F)},
                  {"rows_a_part", kRowsAPart}};
  for (const fs::path& file : tables::files_of(job.input))
    json["files"].push_back({{"name", fs::absolute(file).string()}, {"bytes", fs::file_size(file)}});
  JobOptions::fields(job, [&json](const char* name, const auto& value, const char*) {
    if (std::string_view(name) != "resume") json[name] = value;
  });
  ClassifyOptions::fields(options, [&json](const char* name, const auto& value, const char*) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (requires { value.has_value(); }) {
      json[name] = value.has_value() ? AnswerJson(*value) : AnswerJson(nullptr);
    } else if constexpr (std::is_enum_v<Value>) {
      json[name] = name_of(value);
    } else {
      json[name] = value;
    }
  });
  return json.dump(2, ' ', false, AnswerJson::error_handler_t::replace);
}

}  // namespace

JobReport run_job(const Classifier& classifier, const JobOptions& options, const ClassifyOptions& classify,
                  const std::function<bool(const JobProgress&)>& progress) {
  Job job(classifier, options, classify);
  jobs::Parts parts(options.output, record_of(classifier, options, classify), options.resume);
  JobReport report;
  for (std::size_t i = 0; i < parts.finished(); ++i) job.skip_part(report);
  std::future<void> writing;  // of the part before, while the next is answered
  while (!report.interrupted) {
    auto part = job.next_part(report);
    if (writing.valid()) writing.get();
    if (!part) break;
    writing = std::async(std::launch::async, [&parts, rows = std::move(*part)] { parts.add(rows); });
    report.interrupted = progress && !progress({report.rows, report.resumed});
  }
  if (writing.valid()) writing.get();
  if (!report.interrupted) parts.join(job.head());
  return report;
}

}  // namespace tastevin
