#pragma once

// The program that the build made, run with arguments, and its output taken apart.

#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/program.h"

namespace tastevin {

/// As a word of a shell.
inline const std::string kProgram = "\"" TASTEVIN_PROGRAM "\"";

inline Ended tastevin(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), TASTEVIN_PROGRAM);
  return run_program(arguments, input);
}

/// The same as a line of the shell; "tastevin" in it is the program.
inline Ended shell(const std::string& line) {
  return run_program({"/bin/sh", "-c", "tastevin() { " + kProgram + " \"$@\"; }; " + line});
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> values;
  for (const std::string& line : lines_of(text)) values.push_back(parse_json(line, "output"));
  return values;
}

}  // namespace tastevin
