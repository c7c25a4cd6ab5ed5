#pragma once

// How the program speaks of its own use: help that fits the terminal, and one line for what was typed wrong.

#include <string>

#include <CLI/CLI.hpp>

namespace tastevin::cli {

/// Lets `app` and its commands break descriptions between words, at the terminal's edge or 100 columns.
void use_help_formatter(CLI::App& app);

/// What is wrong with the words of a command line, and which help says more.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace tastevin::cli
