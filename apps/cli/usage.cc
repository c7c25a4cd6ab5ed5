#include "usage.h"

#include <algorithm>
#include <memory>
#include <regex>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

constexpr std::size_t kWidest = 100;
constexpr std::size_t kNarrowest = 24;  // of a description
constexpr char kMark = '\x01';          // behind a word in brackets; one that has some already gets one more

bool ends_a_list(std::string_view word) {
  word.remove_suffix(word.size() - std::min(word.size(), word.find_last_not_of(kMark) + 1));
  return word.ends_with(']');
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::istringstream words(text);
  std::string out;
  std::size_t used = 0;
  for (std::string word; words >> word; used += word.size()) {
    const bool fits = used + 1 + word.size() <= width;
    if (!out.empty()) out += fits ? ' ' : '\n';
    used = fits && !out.empty() ? used + 1 : 0;
    out += word;
  }
  return out;
}

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { label("SUBCOMMAND", "COMMAND"); }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return entry(make_option_name(option, is_positional) + make_option_opts(option), make_option_desc(option));
  }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    // CLI11 shows what a flag of two names stores for the second one: --warm-up,--no-warm-up{false}
    static const std::regex kStored("\\{[a-z]+\\}");
    return std::regex_replace(CLI::Formatter::make_option_name(option, is_positional), kStored, "");
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return entry(command->get_name(), command->get_description());
  }

 private:
  std::string entry(const std::string& name, const std::string& description) const {
    const std::size_t width = std::max(std::min(columns(), kWidest), column_width_ + kNarrowest);
    std::ostringstream out;
    CLI::detail::format_help(out, name, wrapped(description, width - column_width_), column_width_);
    return out.str();
  }
};

/// What CLI11 calls a missing command is mostly a mistyped one.
std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) known += (known.empty() ? "" : ", ") + command->get_name();
  if (word.empty()) return "expected a command: one of " + known;
  return "unknown command " + in_quotes(word) + "; expected one of " + known;
}

/// The first of the words that `command` has no place for, a flag if there is one.
std::string unknown_word(const CLI::App& command) {
  const std::vector<std::string> words = command.remaining();
  const auto flag = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
  if (flag != words.end()) return "unknown flag " + in_quotes(*flag);
  std::string word = words.empty() ? "" : words.front();
  if (word.ends_with(kMark)) word.pop_back();
  return "unexpected argument " + in_quotes(word);
}

}  // namespace

std::string in_our_words(const CLI::App& command, const std::string& message) {
  static const std::string kOfASwitch = "$1: expected true or false, found '$2'";
  static const std::vector<std::pair<std::regex, std::string>> kForms{
      {std::regex("Could not convert: (\\S+) = (.*)"), "$1: expected a number, found '$2'"},
      {std::regex("(\\S+): At Most 1 required but received (\\d+)"), "$1: expected once, found $2 times"},
      {std::regex("(\\S+): 1 required (.*) missing"), "$1: expected a value, found none"},
  };
  for (const auto& [form, words] : kForms) {
    std::smatch found;
    if (!std::regex_match(message, found, form)) continue;
    const CLI::Option* flag = command.get_option_no_throw(found.str(1));
    const bool is_switch = flag != nullptr && flag->get_expected_min() == 0;
    return found.format(is_switch ? kOfASwitch : words);
  }
  return message;
}

void use_help_formatter(CLI::App& app) {
  app.formatter(std::make_shared<HelpFormatter>());
  for (CLI::App* command : app.get_subcommands({})) {
    command->group("Commands");
    use_help_formatter(*command);
  }
}

std::string with_brackets_kept(std::string word) {
  const std::size_t value = word.starts_with("--") ? word.find('=') + 1 : 0;  // 0 for a flag without one, too
  const bool is_list = word.size() > value + 1 && word[value] == '[' && ends_a_list(word);
  return is_list ? word + kMark : word;
}

void take_words_as_they_are(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    const bool is_path = type.starts_with("MODEL") || type.starts_with("FILE") || type.starts_with("FOLDER");
    if (is_path)
      option->check([](const std::string& value) { return value.empty() ? "expected a name, found ''" : ""; }, "");
    option->transform([](std::string value) {
      if (value.ends_with(kMark) && value.starts_with('[')) value.pop_back();
      return value;
    });
  }
  for (CLI::App* command : app.get_subcommands({})) take_words_as_they_are(*command);
}

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string name = "tastevin";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  const std::string help = "; see " + name + " --help";
  if (command == &app) {
    const std::vector<std::string> words = app.remaining();
    if (words.empty() || !words.front().starts_with('-'))
      return unknown_command(app, words.empty() ? "" : words.front());
  }
  const bool is_unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  return (is_unknown ? unknown_word(*command) : in_our_words(*command, error.what())) + help;
}

}  // namespace tastevin::cli
