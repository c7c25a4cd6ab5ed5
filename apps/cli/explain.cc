#include "tastevin/explain.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>

#include "base/halves.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "line_reader.h"
#include "report_page.h"
#include "tastevin/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct ExplainFlags {
  std::vector<std::string> texts;
  std::string model;
  std::string file;
  std::string html;
  bool json = false;
  ModelOptions load;
  ExplainOptions options;
};

/// Green for, red against, bold from half of the strongest on, plain below a tenth.
std::string coloured(const Effect& effect, float most) {
  constexpr float kStrong = 0.5F;
  constexpr float kFaint = 0.1F;
  std::string word = one_line(effect.text);
  const float share = most > 0 ? std::abs(effect.effect) / most : 0;
  if (share < kFaint) return word;
  const std::string weight = share >= kStrong ? "1;" : "";
  return "\033[" + weight + (effect.effect < 0 ? "31m" : "32m") + word + "\033[0m";
}

void write_words(const Explanation& explanation) {
  float most = 0;
  for (const Effect& effect : explanation.effects) most = std::max(most, std::abs(effect.effect));
  std::string line;
  std::size_t end = 0;
  for (const Effect& effect : explanation.effects) {
    const bool apart = !line.empty() && effect.begin > end;  // not everybody writes blanks
    line += (apart ? " " : "") + coloured(effect, most);
    end = effect.end;
  }
  std::cout << "  " << line << "\n";
}

void write_table(const Explanation& explanation) {
  for (const Effect& effect : explanation.effects) {
    const std::string number = decimal(static_cast<double>(effect.effect), 3);
    std::cout << "  " << (effect.effect < 0 ? "" : "+") << number << "  " << one_line(effect.text) << "\n";
  }
}

void write_text(const Explanation& explanation) {
  std::cout << bold(one_line(explanation.label)) << "  " << decimal(static_cast<double>(explanation.score), 6)
            << (explanation.truncated ? "  (truncated)\n" : "\n");
  if (has_colours()) {
    write_words(explanation);
  } else {
    write_table(explanation);
  }
}

void write(const std::vector<Explanation>& explanations, const ExplainFlags& flags) {
  for (const Explanation& explanation : explanations) {
    if (flags.json) {
      std::cout << to_json(explanation) << "\n";
    } else {
      write_text(explanation);
    }
  }
  flush_standard_output();
}

/// Texts of a file, some at a time: a line that is refused is named, and those before it are answered.
class Run {
 public:
  explicit Run(const ExplainFlags& flags)
      : flags_(flags), classifier_(loaded(chosen_or_bundled_model(flags.model), flags.load)) {}

  void answer(std::span<const std::string> texts) {
    const auto run = [&](std::size_t first, std::size_t count) {
      return refusal_of([&] { explain_together(texts.subspan(first, count)); });
    };
    by_halves(0, texts.size(), run,
              [&](std::size_t, const Error& error) { refuse_text(error, done_, flags_.texts, flags_.file); });
  }

  void finish() const {
    if (!flags_.html.empty()) write_report_page(flags_.html, to_html(on_page_));
  }

 private:
  void explain_together(std::span<const std::string> texts) {
    std::vector<Explanation> explanations = explain(classifier_, texts, flags_.options);
    write(explanations, flags_);
    done_ += texts.size();
    if (!flags_.html.empty()) std::ranges::move(explanations, std::back_inserter(on_page_));
  }

  const ExplainFlags& flags_;
  Classifier classifier_;
  std::vector<Explanation> on_page_;
  std::size_t done_ = 0;
};

void explain_texts(const ExplainFlags& flags) {
  check_one_source("explain", flags.texts, flags.file);
  check_report_place(flags.html);
  std::optional<LineReader> reader;
  if (!flags.file.empty()) reader.emplace(flags.file);
  Run run(flags);
  if (reader) {
    constexpr std::size_t kTogether = 64;
    for (auto lines = reader->next(); !lines.empty(); lines = reader->next()) {
      for (std::size_t begin = 0; begin < lines.size(); begin += kTogether)
        run.answer(std::span(lines).subspan(begin, std::min(kTogether, lines.size() - begin)));
    }
  } else {
    run.answer(flags.texts);
  }
  run.finish();
}

}  // namespace

void add_explain(CLI::App& app) {
  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* command = app.add_subcommand("explain", "Show which words an answer rests on");
  command->add_option("TEXT", flags->texts, "texts to explain")->type_name("");
  command->add_option("--model", flags->model, "model (default: the bundled one)")->type_name("MODEL");
  command->add_option("--file", flags->file, "read one text a line; - is standard input")->type_name("FILE");
  command->add_flag("--json", flags->json, "print a JSON object a text, with places in code points");
  command->add_option("--html", flags->html, "write a page with the words coloured")->type_name("FILE");
  add_flags(*command, flags->options);
  add_flags(*command, flags->load);
  command->footer("Example:\n  tastevin explain \"The film is not good.\"");
  command->callback([flags] { explain_texts(*flags); });
}

}  // namespace tastevin::cli
