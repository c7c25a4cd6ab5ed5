#include <iostream>
#include <memory>
#include <ranges>

#include "command_words.h"
#include "commands.h"
#include "flags.h"

namespace tastevin {
namespace cli {

enum class Shell : std::uint8_t { bash, zsh, fish };

}  // namespace cli

template <>
inline constexpr std::array<std::string_view, 3> enum_names<cli::Shell>{"bash", "zsh", "fish"};

}  // namespace tastevin

namespace tastevin::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// `text` between single quotes of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? R"('\'')" : std::string(1, c);
  return out + "'";
}

bool is_inner(const CommandWords& command) { return command.name.find(' ') != std::string::npos; }

/// What may stand first behind a command, beside files.
std::vector<std::string> first_words(const CommandWords& command) {
  std::vector<std::string> words = command.inner;
  if (!command.words.empty())
    words.insert(words.end(), command.words[0].choices.begin(), command.words[0].choices.end());
  return words;
}

std::vector<std::string> names_of(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  for (const CommandWords& command : commands) {
    if (!is_inner(command)) names.push_back(command.name);
  }
  return names;
}

void print_bash_words(const CommandWords& command) {
  std::vector<std::string> names;
  std::cout << "    " << quoted(command.name + " ") << "*)\n      case $previous in\n";
  for (const FlagWords& flag : command.flags) {
    names.push_back("--" + flag.name);
    if (!flag.choices.empty())
      std::cout << "        --" << flag.name << ") words='" << joined(flag.choices) << "' ;;\n";
  }
  std::cout << "        *)\n          [[ $word == -* ]] && words='" << joined(names) << "'\n";
  if (!first_words(command).empty())
    std::cout << "          ((COMP_CWORD == 2)) && words+=' " << joined(first_words(command)) << "'\n";
  std::cout << "          ;;\n      esac ;;\n";
}

/// Readline completes the names of files where there are no words, and takes the = of --flag=value for a word.
void print_bash(const std::vector<CommandWords>& commands) {
  std::cout << "_tastevin() {\n"
            << "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=\n"
            << "  [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}\n"
            << "  [[ $word == = ]] && word=\n"
            << "  ((COMP_CWORD == 1)) && words='" << joined(names_of(commands)) << " --help --version'\n"
            << "  case \"${COMP_WORDS[*]:1} \" in\n";
  for (const CommandWords& command : std::views::reverse(commands)) print_bash_words(command);  // the inner ones first
  std::cout << "  esac\n"
            << "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
            << "}\ncomplete -o default -F _tastevin tastevin\n";
}

void print_zsh_flag(const FlagWords& flag) {
  std::string help = flag.help;
  std::erase_if(help, [](char c) { return c == '[' || c == ']'; });
  std::string value;
  if (!flag.choices.empty()) {
    value = ":value:(" + joined(flag.choices) + ")";
  } else if (!flag.value.empty()) {
    value = ":value:_files";
  }
  std::cout << " \\\n      " << quoted((flag.repeats ? "*--" : "--") + flag.name + "[" + help + "]" + value);
}

void print_zsh_words(const CommandWords& command) {
  std::cout << "  " << quoted(command.name + " ") << "*)\n    ";
  if (is_inner(command)) std::cout << "shift words; (( CURRENT-- ))\n    ";
  std::cout << "_arguments";
  if (!first_words(command).empty())
    std::cout << " " << quoted("1:word:{ compadd " + joined(first_words(command)) + "; _files }");
  std::cout << " '*:file:_files'";
  for (const FlagWords& flag : command.flags) print_zsh_flag(flag);
  std::cout << " ;;\n";
}

/// A function file of $fpath, or to be sourced after compinit.
void print_zsh(const std::vector<CommandWords>& commands) {
  std::cout << "#compdef tastevin\n_tastevin() {\nif (( CURRENT == 2 )); then\n  local -a commands=(\n";
  for (const CommandWords& command : commands) {
    if (!is_inner(command)) std::cout << "    " << quoted(command.name + ":" + command.help) << "\n";
  }
  std::cout << "  )\n  _describe command commands\n  return\nfi\n"
            << "shift words\n(( CURRENT-- ))\ncase \"$words \" in\n";
  for (const CommandWords& command : std::views::reverse(commands)) print_zsh_words(command);  // the inner ones first
  std::cout
      << "esac\n}\nif [[ ${funcstack[1]} == _tastevin ]]; then _tastevin \"$@\"; else compdef _tastevin tastevin; fi\n";
}

void print_fish_flag(const FlagWords& flag) {
  std::cout << " -l " << flag.name;
  if (!flag.choices.empty()) {
    std::cout << " -x -a " << quoted(joined(flag.choices));
  } else if (!flag.value.empty()) {
    std::cout << " -r";
  }
  std::cout << " -d " << quoted(flag.help) << "\n";
}

/// Of "bench" that it was seen and none inside it; of "bench startup" that both were.
std::string fish_condition(const CommandWords& command) {
  const std::size_t end = command.name.find(' ');
  std::string condition = "__fish_seen_subcommand_from " + command.name.substr(0, end);
  if (end != std::string::npos) condition += "; and __fish_seen_subcommand_from " + command.name.substr(end + 1);
  if (!command.inner.empty()) condition += "; and not __fish_seen_subcommand_from " + joined(command.inner);
  return condition;
}

void print_fish(const std::vector<CommandWords>& commands) {
  for (const CommandWords& command : commands) {
    if (!is_inner(command))
      std::cout << "complete -c tastevin -n __fish_use_subcommand -f -a " << command.name << " -d "
                << quoted(command.help) << "\n";
    const std::string begin = "complete -c tastevin -n " + quoted(fish_condition(command));
    if (!first_words(command).empty()) std::cout << begin << " -a " << quoted(joined(first_words(command))) << "\n";
    for (const FlagWords& flag : command.flags) {
      std::cout << begin;
      print_fish_flag(flag);
    }
  }
}

}  // namespace

void add_completion(CLI::App& app) {
  CLI::App* command = app.add_subcommand("completion", "Print what lets a shell complete this program's words");
  auto shell = std::make_shared<Shell>();
  command
      ->add_option_function<std::string>(
          "SHELL", [shell](const std::string& word) { *shell = parse_enum<Shell>("SHELL", word); })
      ->type_name(choices<Shell>())
      ->required();
  command->footer(
      "Examples:\n"
      "  source <(tastevin completion bash)             # in ~/.bashrc\n"
      "  source <(tastevin completion zsh)              # in ~/.zshrc, after compinit\n"
      "  tastevin completion fish > ~/.config/fish/completions/tastevin.fish");
  command->callback([&app, shell] {
    const std::vector<CommandWords> commands = command_words(app);
    switch (*shell) {
      case Shell::bash:
        return print_bash(commands);
      case Shell::zsh:
        return print_zsh(commands);
      case Shell::fish:
        return print_fish(commands);
    }
  });
}

}  // namespace tastevin::cli
