#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "tastevin/job.h"
#include "work/jobs/destination.h"
#include "work/jobs/job_record.h"
#include "work/jobs/output.h"
#include "work/jobs/row_source.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

using jobs::kRowsAPart;
using jobs::Outcome;
using tables::Rows;

/// Parts that are answered side by side: while the last texts of one run, those of the next fill the rest of the
/// machine.
constexpr std::size_t kPartsUnderWay = 2;

/// Answers texts; one that is refused costs the others nothing. Returns how many texts were repeated.
std::size_t answer(const Classifier& classifier, const ClassifyOptions& options, std::span<const Text> texts,
                   std::span<Outcome* const> outcomes) {
  if (texts.empty()) return 0;
  try {
    Classified classified = classifier.classify(texts, options);
    for (std::size_t i = 0; i < texts.size(); ++i) outcomes[i]->prediction = std::move(classified.predictions[i]);
    return classified.repeated;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::too_large) throw;
    if (texts.size() == 1) {
      outcomes.front()->error = error.what();
      return 0;
    }
    const std::size_t half = texts.size() / 2;
    return answer(classifier, options, texts.first(half), outcomes.first(half)) +
           answer(classifier, options, texts.subspan(half), outcomes.subspan(half));
  }
}

/// Rows and what became of them.
struct AnsweredPart {
  Rows rows;
  std::vector<Outcome> outcomes;
  std::size_t repeated = 0;
  std::optional<std::size_t> expected_rows;
};

class Job {
 public:
  Job(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options)
      : classifier_(classifier),
        format_(output_format(job)),
        source_(job.input, job.input_format, !tables::is_text(format_.form)),
        column_(tables::column_of(job.column, source_.names(), job.input)) {
    jobs::OutputColumns columns{source_.names(), {}, {job.add, classifier.info(), source_.names()}};
    for (std::size_t i = 0; job.id_column.empty() && i < source_.names().size(); ++i) columns.kept.push_back(i);
    if (!job.id_column.empty()) columns.kept.push_back(tables::column_of(job.id_column, source_.names(), job.input));
    if (!job.pair_column.empty()) pair_column_ = tables::column_of(job.pair_column, source_.names(), job.input);
    options_ = with_all_scores(options, columns.added);
    output_ = jobs::output_of(format_, std::move(columns));
    destination_ = jobs::destination_of(job, format_, jobs::record_of(classifier, job, options), *output_);
    ahead_ = std::make_unique<jobs::PartsAhead>(source_, kRowsAPart);
  }

  JobReport run(const std::function<bool(const JobProgress&)>& progress) {
    JobReport report;
    for (std::size_t i = 0; i < destination_->finished(); ++i) report.resumed += ahead_->take().rows.count();
    report.rows = report.resumed;
    std::future<void> writing;  // of the part before
    for (start(report); !under_way_.empty(); start(report)) {
      AnsweredPart part = under_way_.front().get();
      under_way_.pop_front();
      count(part, report);
      const JobProgress now{report.rows, report.resumed, part.expected_rows};
      if (writing.valid()) writing.get();
      writing = std::async(std::launch::async, [this, part = std::move(part)] {
        destination_->add(output_->part(part.rows, part.outcomes));
      });
      if (progress && !progress(now)) report.interrupted = true;
    }
    if (writing.valid()) writing.get();
    if (!report.interrupted) destination_->finish();
    return report;
  }

 private:
  /// By its name; standard output has the form of the input, where that is one of text.
  static tables::Format output_format(const JobOptions& job) {
    const bool piped = job.output == tables::kStandardStream;
    tables::Format format = tables::format_of(job.output, job.output_format);
    if (piped && job.output_format.empty()) format.form = tables::format_of(job.input, job.input_format).form;
    if (format.form != tables::Form::lines) return format;
    if (piped && job.output_format.empty()) return {tables::Form::csv, tables::Packing::none};
    throw Error(
        ErrorCode::invalid_argument,
        "output " + in_quotes(job.output, 200) +
            ": expected a name that ends in .csv, .tsv, .jsonl, .ndjson, .parquet, .arrow, .feather or .arrows, "
            "the text ones also with .gz or .zst behind, or output-format");
  }

  static ClassifyOptions with_all_scores(ClassifyOptions options, const jobs::AddedColumns& added) {
    options.top_k = 0;
    options.threshold = 0.0F;
    options.logits = added.needs_logits();
    return options;
  }

  /// Has parts answered until enough are under way; none when the run is interrupted. The first is made even of no row.
  void start(const JobReport& report) {
    while (under_way_.size() < kPartsUnderWay && !report.interrupted && !at_end_) {
      jobs::PartsAhead::Part part = ahead_->take();
      at_end_ = part.rows.count() < kRowsAPart;
      const bool first = report.rows == 0 && under_way_.empty();
      if (part.rows.count() == 0 && !first) return;
      under_way_.push_back(std::async(std::launch::async,
                                      [this, part = std::move(part)]() mutable { return answered(std::move(part)); }));
    }
  }

  AnsweredPart answered(jobs::PartsAhead::Part part) const {
    AnsweredPart result{std::move(part.rows), {}, 0, part.expected_rows};
    result.outcomes.resize(result.rows.count());
    std::vector<Text> texts;
    std::vector<Outcome*> outcomes;
    texts.reserve(result.outcomes.size());
    outcomes.reserve(result.outcomes.size());
    for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
      result.outcomes[i].error = error_of(result.rows, i);
      if (!result.outcomes[i].error.empty()) continue;
      texts.push_back({result.rows.columns[column_][i], pair_of(result.rows, i)});
      outcomes.push_back(&result.outcomes[i]);
    }
    result.repeated = answer(classifier_, options_, texts, outcomes);
    return result;
  }

  std::optional<std::string_view> pair_of(const Rows& rows, std::size_t i) const {
    return pair_column_ ? std::optional<std::string_view>(rows.columns[*pair_column_][i]) : std::nullopt;
  }

  std::string error_of(const Rows& rows, std::size_t i) const {
    if (!rows.errors.empty() && !rows.errors[i].empty()) return rows.errors[i];
    const bool readable =
        utf8::is_valid(rows.columns[column_][i]) && (!pair_column_ || utf8::is_valid(rows.columns[*pair_column_][i]));
    return readable ? "" : "the text is not UTF-8";
  }

  static void count(const AnsweredPart& part, JobReport& report) {
    report.rows += part.outcomes.size();
    report.repeated += part.repeated;
    for (const Outcome& outcome : part.outcomes) {
      report.failed += static_cast<std::size_t>(!outcome.error.empty());
      report.truncated += static_cast<std::size_t>(outcome.prediction.truncated);
    }
  }

  const Classifier& classifier_;
  tables::Format format_;
  jobs::RowSource source_;
  std::size_t column_;
  std::optional<std::size_t> pair_column_;
  ClassifyOptions options_;
  std::unique_ptr<jobs::Output> output_;
  std::unique_ptr<jobs::Destination> destination_;
  bool at_end_ = false;
  std::unique_ptr<jobs::PartsAhead> ahead_;          // reads from the source until it is gone
  std::deque<std::future<AnsweredPart>> under_way_;  // last: they use the others until they are gone
};

}  // namespace

JobReport run_job(const Classifier& classifier, const JobOptions& options, const ClassifyOptions& classify,
                  const std::function<bool(const JobProgress&)>& progress) {
  return Job(classifier, options, classify).run(progress);
}

}  // namespace tastevin
