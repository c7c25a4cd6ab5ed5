#include <array>
#include <iostream>
#include <sstream>
#include <utility>

#include "command_words.h"
#include "commands.h"
#include "tastevin/version.h"

namespace tastevin::cli {
namespace {

/// `text` as roff shows it unchanged.
std::string roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

/// A footer: sentences, then `Example:` with indented commands. Lines stay as they are.
void print_footer(const std::string& footer) {
  if (footer.empty()) return;
  std::cout << ".PP\n.nf\n";
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) std::cout << roff(line) << "\n";
  std::cout << ".fi\n";
}

void print_flag(const FlagWords& flag, const std::string& name) {
  std::cout << ".TP\n\\fB" << roff(name) << "\\fR";
  if (!flag.value.empty() && flag.value != flag.name) std::cout << " \\fI" << roff(flag.value) << "\\fR";
  std::cout << "\n" << roff(flag.help);
  if (!flag.fallback.empty()) std::cout << " (default: " << roff(flag.fallback) << ")";
  std::cout << "\n";
}

void print_command(const CommandWords& command) {
  std::cout << ".SS tastevin " << roff(command.name) << "\n" << roff(command.help) << ".\n";
  for (const FlagWords& word : command.words) print_flag(word, word.name);
  for (const FlagWords& flag : command.flags) {
    if (flag.name != "help") print_flag(flag, "--" + flag.name);
  }
  print_footer(command.footer);
}

/// In the words of docs/command-line.md.
constexpr std::array<std::pair<int, const char*>, 13> kExitStatus{{
    {0, "done"},
    {2, "a value, text, flag or file of the caller is wrong, or over a limit"},
    {3, "a path, model, column or device is not there"},
    {4, "a file of the model is damaged or contradicts itself"},
    {5, "the model is of a kind that is not supported, or the device would compute in another precision"},
    {6, "no memory is left (answers of the server also mean a full queue by it)"},
    {7, "a device or the network fails, or the answer cannot be written"},
    {8, "a promise about int8 does not hold, or no score reaches the target of `tastevin threshold`"},
    {9, "a deadline has passed: only answers of the server say so"},
    {10, "some rows of a file failed"},
    {11, "a model of the Hub is gated, or the token for it is refused"},
    {70, "a fault of the program"},
    {130, "Ctrl-C (`serve` finishes its requests and ends with 0)"},
}};

void print_manual(const CLI::App& app) {
  std::cout << ".TH TASTEVIN 1 \"\" \"tastevin " << version() << "\" \"User Commands\"\n"
            << ".SH NAME\ntastevin \\- classify texts on OpenVINO\n"
            << ".SH SYNOPSIS\n.B tastevin\n.I COMMAND\n.RI [ OPTIONS ]\n"
            << ".SH DESCRIPTION\n"
            << roff(app.get_description()) << "\n";
  print_footer(app.get_footer());
  std::cout << ".SH COMMANDS\n";
  for (const CommandWords& command : command_words(app)) print_command(command);
  std::cout << ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitStatus) std::cout << ".TP\n.B " << code << "\n" << roff(meaning) << "\n";
}

}  // namespace

void add_manual(CLI::App& app) {
  CLI::App* command = app.add_subcommand("manual", "Print this program's manual page");
  command->footer("Example:\n  tastevin manual | man -l -");
  command->callback([&app] { print_manual(app); });
}

}  // namespace tastevin::cli
