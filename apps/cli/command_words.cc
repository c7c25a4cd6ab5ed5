#include "command_words.h"

#include <sstream>

namespace tastevin::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

FlagWords words_of(const CLI::Option& option) {
  FlagWords words;
  words.name = option.get_positional() ? option.get_name(true) : option.get_lnames().front();
  if (option.get_type_size() != 0) words.value = option.get_type_name().substr(0, option.get_type_name().find(':'));
  if (words.value.find('|') != std::string::npos) words.choices = split(words.value, '|');
  words.help = option.get_description();
  words.fallback = option.get_default_str();
  words.environment = option.get_envname();
  words.repeats = option.get_items_expected_max() > 1;
  return words;
}

void add(std::vector<CommandWords>& all, const CLI::App& command, const std::string& name) {
  CommandWords words{name, command.get_description(), command.get_footer(), {}, {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    (option->get_positional() ? words.words : words.flags).push_back(words_of(*option));
    if (option->get_lnames().size() > 1)  // one that is on by itself
      words.flags.push_back(
          {option->get_lnames().back(), {}, {}, "turn --" + option->get_lnames().front() + " off", {}, {}});
  }
  for (const CLI::App* inner : command.get_subcommands({})) words.inner.push_back(inner->get_name());
  all.push_back(std::move(words));
  for (const CLI::App* inner : command.get_subcommands({})) add(all, *inner, name + " " + inner->get_name());
}

}  // namespace

std::vector<CommandWords> command_words(const CLI::App& app) {
  std::vector<CommandWords> all;
  for (const CLI::App* command : app.get_subcommands({})) add(all, *command, command->get_name());
  return all;
}

}  // namespace tastevin::cli
