#pragma once

// How the program speaks of its own use: help that fits the terminal, and one line for what was typed wrong.

#include <string>

#include <CLI/CLI.hpp>

namespace tastevin::cli {

/// Lets `app` and its commands break descriptions between words, at the terminal's edge or 100 columns.
void use_help_formatter(CLI::App& app);

/// CLI11 takes `[a, b]` for a list, where a text may well be `[MASK]`. Such a word gets a mark behind it, on its own or
/// behind the '=' of a flag, ...
std::string with_brackets_kept(std::string word);

/// ... which every option of `app` and its commands takes off again. None of those that name a model or a file takes an
/// empty value: it is a variable that was not set.
void take_words_as_they_are(CLI::App& app);

/// A sentence of CLI11 about the options of `command` in the form of all others.
std::string in_our_words(const CLI::App& command, const std::string& message);

/// What is wrong with the words of a command line, and which help says more.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace tastevin::cli
