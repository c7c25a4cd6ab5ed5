#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/halves.h"
#include "base/utf8.h"
#include "tastevin/job.h"
#include "work/jobs/answering.h"
#include "work/jobs/destination.h"
#include "work/jobs/job_record.h"
#include "work/jobs/known_answers.h"
#include "work/jobs/output.h"
#include "work/jobs/part_counts.h"
#include "work/jobs/row_source.h"
#include "work/tables/input_files.h"
#include "work/tables/reader.h"
#include "work/tables/standard_input.h"

namespace tastevin {
namespace {

using jobs::kRowsAPart;
using jobs::Outcome;
using tables::Rows;

/// What is kept of texts and their answers.
constexpr std::size_t kMostKnownBytes = std::size_t{320} << 20U;

/// How much of a part is answered at a time, a block of the classifier's feed, and how often it is told how far the job
/// is.
constexpr std::size_t kTextsATime = 1024;
constexpr std::chrono::milliseconds kTellEvery{500};

/// More than the rows of a part need to be read from a file; those of a pipe may take for ever.
constexpr std::chrono::milliseconds kReadingTakes{100};

/// Parts that are answered side by side: while the last texts of one run, those of the next fill the rest of the
/// machine.
constexpr std::size_t kPartsUnderWay = 2;

/// Answers texts; one that is refused costs the others nothing.
void answer(const jobs::Answering& answering, std::span<const Text> texts, std::span<Outcome* const> outcomes) {
  const auto run = [&](std::size_t first, std::size_t count) {
    return refusal_of([&] {
      std::vector<Prediction> predictions = answering.answer(texts.subspan(first, count));
      for (std::size_t i = 0; i < count; ++i) outcomes[first + i]->prediction = std::move(predictions[i]);
    });
  };
  by_halves(0, texts.size(), run,
            [&](std::size_t place, const Error& error) { outcomes[place]->error = error.what(); });
}

/// Rows, and what becomes of them.
struct Part {
  Rows rows;
  std::vector<Outcome> outcomes;                                 // one a row
  std::vector<std::optional<jobs::KnownAnswers::Place>> places;  // of their answers; none for rows that have an error
  std::size_t answered = 0;                                      // of its texts, those that were run
};

class Job {
 public:
  Job(const Classifier& classifier, const JobOptions& job, jobs::Answering answering)
      : answering_(std::move(answering)),
        format_(output_format(job)),
        source_(job.input, job.input_format, tables::is_text(format_.form) ? jobs::Types::any : jobs::Types::same),
        column_(tables::column_of(job.column, source_.names(), job.input)),
        known_(answering_.labels, answering_.kept.value_or(jobs::Kept()), answering_.kept ? kMostKnownBytes : 0) {
    check_output(job);
    jobs::OutputColumns columns{source_.names(), {}, {job.add, answering_.labels, source_.names()}};
    for (std::size_t i = 0; job.id_column.empty() && i < source_.names().size(); ++i) columns.kept.push_back(i);
    if (!job.id_column.empty()) columns.kept.push_back(tables::column_of(job.id_column, source_.names(), job.input));
    if (!answering_.second_column.empty())
      second_column_ = tables::column_of(answering_.second_column, source_.names(), job.input);
    output_ = jobs::output_of(format_, std::move(columns));
    destination_ = jobs::destination_of(job, format_, jobs::record_of(classifier, job, answering_.record), *output_);
    if (format_.form == tables::Form::jsonl) want_texts();
    ahead_ = std::make_unique<jobs::PartsAhead>(source_, kRowsAPart, jobs::kBytesAPart);
  }

  JobReport run(const std::function<bool(const JobProgress&)>& progress) {
    JobReport report;
    go_on(report);
    std::future<void> writing;  // of the part before
    const auto tell = [&] {
      const JobProgress now{report.rows + answered_, report.resumed, expected_rows_};
      if (progress && !progress(now)) report.interrupted = true;
    };
    for (start(report, tell); !under_way_.empty(); start(report, tell)) {
      while (under_way_.front().wait_for(kTellEvery) != std::future_status::ready) tell();
      Part part = under_way_.front().get();
      under_way_.pop_front();
      std::string new_answers = complete(part, report);
      if (writing.valid()) writing.get();
      writing = std::async(std::launch::async, [this, part = std::move(part), more = std::move(new_answers)] {
        destination_->add(output_->part(part.rows, part.outcomes), more);
      });
      tell();
    }
    if (writing.valid()) writing.get();
    // Too late to interrupt what is done: to go on with it would only be to join the parts.
    const bool is_done = at_end_ || (ahead_->is_read_within(kReadingTakes) && ahead_->at_end());
    report.interrupted = report.interrupted && !is_done;
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

  /// Rows of JSON lines keep their own text.
  void want_texts() {
    std::vector<std::size_t> columns{column_};
    if (second_column_) columns.push_back(*second_column_);
    source_.want(columns);
  }

  /// It would be replaced while it is read, or be among what the next run reads.
  static void check_output(const JobOptions& job) {
    if (tables::is_one_of(job.input, job.output))
      throw Error(ErrorCode::invalid_argument, "output " + in_quotes(job.output, 200) + ": is read as input too");
  }

  /// Passes over what an earlier run has done, and learns its answers.
  void go_on(JobReport& report) {
    for (std::size_t i = 0; i < destination_->finished(); ++i) {
      const std::string where = "part " + std::to_string(i) + " of the earlier run";
      const std::string more = destination_->more(i);
      report.resumed += read_part().rows.count();
      known_.restore(jobs::take_counts(more, where, report), where);
    }
    report.rows = report.resumed;
  }

  /// The next rows, each with its error or with the place of its answer.
  Part read_part() {
    jobs::PartsAhead::Part read = ahead_->take();
    at_end_ = read.is_last;
    expected_rows_ = read.expected_rows;
    Part part{std::move(read.rows), {}, {}};
    part.outcomes.resize(part.rows.count());
    part.places.resize(part.rows.count());
    for (std::size_t i = 0; i < part.outcomes.size(); ++i) {
      part.outcomes[i].error = error_of(part.rows, i);
      if (part.outcomes[i].error.empty()) part.places[i] = known_.place_of(text_of(part.rows, i));
    }
    return part;
  }

  /// Has parts answered until enough are under way; none when the run is interrupted. An input without rows still gives
  /// one empty part. Rows are waited for, who knows how long, only when no part is under way.
  void start(const JobReport& report, const std::function<void()>& tell) {
    while (under_way_.size() < kPartsUnderWay && !report.interrupted && !at_end_) {
      if (!ahead_->is_read_within(under_way_.empty() ? kTellEvery : kReadingTakes)) {
        if (!under_way_.empty()) return;
        tell();
        continue;
      }
      Part part = read_part();
      const bool first = report.rows == 0 && under_way_.empty();
      if (part.rows.count() == 0 && !first) return;
      under_way_.push_back(std::async(std::launch::async, [this, part = std::move(part)]() mutable {
        answer_new(part);
        return std::move(part);
      }));
    }
  }

  /// Answers the texts that no row before had.
  void answer_new(Part& part) {
    std::vector<Text> texts;
    std::vector<Outcome*> outcomes;
    texts.reserve(part.outcomes.size());
    outcomes.reserve(part.outcomes.size());
    for (std::size_t i = 0; i < part.outcomes.size(); ++i) {
      const auto& place = part.places[i];
      const bool known = place && !place->is_new;
      if (known || !part.outcomes[i].error.empty()) continue;
      texts.push_back(text_of(part.rows, i));
      outcomes.push_back(&part.outcomes[i]);
    }
    part.answered = texts.size();
    for (std::size_t begin = 0; begin < texts.size(); begin += kTextsATime) {
      const std::size_t count = std::min(kTextsATime, texts.size() - begin);
      answer(answering_, std::span(texts).subspan(begin, count), std::span(outcomes).subspan(begin, count));
      answered_ += count;
    }
  }

  /// Gives the other rows the answers of their equals; the parts before are complete. Returns what a run that goes on
  /// must know of it: its counts, and the answers that are new.
  std::string complete(Part& part, JobReport& report) {
    const std::size_t before = known_.size();
    JobReport of_part;
    for (std::size_t i = 0; i < part.outcomes.size(); ++i) {
      Outcome& outcome = part.outcomes[i];
      const auto& place = part.places[i];
      if (place && place->is_new) known_.add(outcome);
      if (place && !place->is_new) outcome = known_.at(place->index);
      of_part.repeated += static_cast<std::size_t>(place && !place->is_new);
      of_part.failed += static_cast<std::size_t>(!outcome.error.empty());
      of_part.truncated += static_cast<std::size_t>(outcome.prediction.truncated);
    }
    jobs::add_counts(of_part, report);
    report.rows += part.outcomes.size();
    answered_ -= part.answered;
    return jobs::counts_of(of_part) + known_.saved(before);
  }

  Text text_of(const Rows& rows, std::size_t i) const {
    Text text{rows.columns[column_][i]};
    if (second_column_) text.pair = rows.columns[*second_column_][i];
    return text;
  }

  std::string error_of(const Rows& rows, std::size_t i) const {
    if (!rows.errors.empty() && !rows.errors[i].empty()) return rows.errors[i];
    for (const std::size_t column : {column_, second_column_.value_or(column_)})
      if (rows.is_missing(column, i)) return "there is no value in the column " + in_quotes(source_.names()[column]);
    const Text text = text_of(rows, i);
    if (!utf8::is_valid(text.text) || (text.pair && !utf8::is_valid(*text.pair))) return "the text is not UTF-8";
    return answering_.refusal ? answering_.refusal(text) : "";
  }

  jobs::Answering answering_;
  tables::Format format_;
  jobs::RowSource source_;
  std::size_t column_;
  std::optional<std::size_t> second_column_;
  std::unique_ptr<jobs::Output> output_;
  std::unique_ptr<jobs::Destination> destination_;
  jobs::KnownAnswers known_;
  bool at_end_ = false;
  std::optional<std::size_t> expected_rows_;
  std::atomic<std::size_t> answered_ = 0;    // texts of the parts under way
  std::unique_ptr<jobs::PartsAhead> ahead_;  // reads from the source until it is gone
  std::deque<std::future<Part>> under_way_;  // last: they use the others until they are gone
};

/// Runs the job that `open` makes, on another thread: a pipe may keep its first rows for ever.
JobReport run_opened(const JobOptions& job, const std::function<std::unique_ptr<Job>()>& open,
                     const std::function<bool(const JobProgress&)>& progress) {
  std::future<std::unique_ptr<Job>> opening = std::async(std::launch::async, open);
  while (opening.wait_for(kTellEvery) != std::future_status::ready) {
    if (!progress || progress({})) continue;
    if (job.input == tables::kStandardStream) tables::leave_standard_input();
    opening.wait();
    return {.interrupted = true};
  }
  return opening.get()->run(progress);
}

}  // namespace

JobReport run_job(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options,
                  const std::function<bool(const JobProgress&)>& progress) {
  const auto open = [&] { return std::make_unique<Job>(classifier, job, jobs::classifying(classifier, job, options)); };
  return run_opened(job, open, progress);
}

JobReport run_zero_shot_job(const Classifier& classifier, const JobOptions& job, const ZeroShotJob& zero_shot,
                            const std::function<bool(const JobProgress&)>& progress) {
  const auto open = [&] {
    return std::make_unique<Job>(classifier, job, jobs::zero_shot_answering(classifier, job, zero_shot));
  };
  return run_opened(job, open, progress);
}

}  // namespace tastevin
