#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "commands.h"
#include "exit_codes.h"
#include "tastevin/version.h"
#include "terminal.h"
#include "usage.h"

namespace {

int fail(int code, const std::string& message) {
  std::cout.flush();
  std::cerr << "tastevin: " << message << "\n";
  return code;
}

/// Help and version end here too; CLI11 knows how to print them.
int end_of_parsing(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    const int code = app.exit(error);
    tastevin::cli::flush_standard_output();
    return code;
  }
  return fail(tastevin::cli::kUsageError, tastevin::cli::usage_error(app, error));
}

/// The words behind the program's name, the last one first, as CLI11 takes them. `help COMMAND` is `COMMAND --help`.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  for (std::string& word : words) word = tastevin::cli::with_brackets_kept(word);
  std::ranges::reverse(words);
  return words;
}

/// A file that is opened must not become the standard input that is not there.
void open_standard_input() {
  if (::fcntl(STDIN_FILENO, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Text classification on OpenVINO: a Hugging Face checkpoint in, labels with scores and times out.",
               "tastevin");
  app.set_version_flag("--version", std::string("tastevin ") + tastevin::version());
  app.require_subcommand(1);
  app.footer("Example:\n  tastevin classify \"I had a wonderful day\"\nEach command has its own --help.");
  tastevin::cli::add_classify(app);
  tastevin::cli::add_zero_shot(app);
  tastevin::cli::add_tokenize(app);
  tastevin::cli::add_convert(app);
  tastevin::cli::add_quantize(app);
  tastevin::cli::add_evaluate(app);
  tastevin::cli::add_calibrate(app);
  tastevin::cli::add_threshold(app);
  tastevin::cli::add_explain(app);
  tastevin::cli::add_inspect(app);
  tastevin::cli::add_serve(app);
  tastevin::cli::add_pull(app);
  tastevin::cli::add_devices(app);
  tastevin::cli::add_bench(app);
  tastevin::cli::add_completion(app);
  tastevin::cli::add_manual(app);
  tastevin::cli::use_help_formatter(app);
  tastevin::cli::take_words_as_they_are(app);
  open_standard_input();
  try {
    app.parse(words_of(argc, argv));
  } catch (const CLI::ParseError& error) {
    return end_of_parsing(app, error);
  }
  tastevin::cli::flush_standard_output();
  // Nothing is left to do, and the system takes memory back at once: tearing down some 200 MB of packed weights piece
  // by piece would keep the user waiting for 0.2 s.
  std::_Exit(0);
} catch (...) {
  const tastevin::Error error = tastevin::error_of(std::current_exception());
  return fail(tastevin::cli::exit_code_of(error.code()), error.what());
}
