#pragma once

// What the help says of each command, as data: the manual page and the completions of shells are made from it.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace tastevin::cli {

struct FlagWords {
  std::string name;                  ///< "top-k", or "TEXT" of a word that has no flag
  std::string value;                 ///< what it takes: "N", "right|left|error"; empty when it takes none
  std::vector<std::string> choices;  ///< "right", "left", "error"
  std::string help;
  std::string fallback;     ///< the value that it has unless given; may be empty
  std::string environment;  ///< the variable that says the same; may be empty
  bool repeats = false;     ///< whether it may be given more than once
};

struct CommandWords {
  std::string name;  ///< "classify", "bench startup"
  std::string help;
  std::string footer;
  std::vector<FlagWords> words;  ///< without flags, in order
  std::vector<FlagWords> flags;
  std::vector<std::string> inner;  ///< the last words of the names of those inside it: "startup"
};

/// Every command of `app`, in the order of its help; one inside another follows it.
std::vector<CommandWords> command_words(const CLI::App& app);

}  // namespace tastevin::cli
