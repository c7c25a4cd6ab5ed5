#pragma once

// The flags of a command from a file and from the environment, for those that run it unattended.

#include <string>

#include <CLI/CLI.hpp>

namespace tastevin::cli {

/// Every flag of `command` is also a variable: --max-inputs is TASTEVIN_MAX_INPUTS.
void read_environment(CLI::App& command);

/// Sets flags that neither the command line nor the environment has set from `file`: name=value a line, # begins a
/// comment. Throws `Error{not_found}`, `Error{too_large}`, and `Error{invalid_argument}` for what is no flag or has no
/// value that it takes.
void read_config_file(CLI::App& command, const std::string& file);

}  // namespace tastevin::cli
