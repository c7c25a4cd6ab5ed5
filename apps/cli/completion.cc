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
  std::cout << "        *) [[ $word == -* ]] && words='" << joined(names) << "' ;;\n      esac ;;\n";
}

/// Readline completes the names of files where there are no words.
void print_bash(const std::vector<CommandWords>& commands) {
  std::cout << "_tastevin() {\n"
            << "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=\n"
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
  std::cout << " \\\n      " << quoted("--" + flag.name + "[" + help + "]" + value);
}

void print_zsh(const std::vector<CommandWords>& commands) {
  std::cout << "#compdef tastevin\nif (( CURRENT == 2 )); then\n  local -a commands=(\n";
  for (const CommandWords& command : commands) {
    if (!is_inner(command)) std::cout << "    " << quoted(command.name + ":" + command.help) << "\n";
  }
  std::cout << "  )\n  _describe command commands\n  return\nfi\n"
            << "shift words\n(( CURRENT-- ))\ncase $words[1] in\n";
  for (const CommandWords& command : commands) {
    if (is_inner(command)) continue;
    std::cout << "  " << command.name << ")\n    _arguments '*:file:_files'";
    for (const FlagWords& flag : command.flags) print_zsh_flag(flag);
    std::cout << " ;;\n";
  }
  std::cout << "esac\n";
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

void print_fish(const std::vector<CommandWords>& commands) {
  for (const CommandWords& command : commands) {
    if (is_inner(command)) continue;
    std::cout << "complete -c tastevin -n __fish_use_subcommand -f -a " << command.name << " -d "
              << quoted(command.help) << "\n";
    for (const FlagWords& flag : command.flags) {
      std::cout << "complete -c tastevin -n '__fish_seen_subcommand_from " << command.name << "'";
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
  command->footer("Example:\n  source <(tastevin completion bash)");
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
