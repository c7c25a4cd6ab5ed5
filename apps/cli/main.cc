#include <cstdlib>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "commands.h"
#include "exit_codes.h"
#include "tastevin/version.h"
#include "terminal.h"

namespace {

int fail(int code, const std::string& message) {
  std::cout.flush();
  std::cerr << "tastevin: " << message << "\n";
  return code;
}

/// What CLI11 calls a missing command is mostly a mistyped one.
std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) known += (known.empty() ? "" : ", ") + command->get_name();
  return "unknown command " + tastevin::in_quotes(word) + "; expected one of " + known;
}

/// Help and version end here too; CLI11 knows how to print them.
int end_of_parsing(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    const int code = app.exit(error);
    tastevin::cli::flush_standard_output();
    return code;
  }
  if (app.get_subcommands().empty() && app.remaining_size() > 0 && !app.remaining().front().starts_with('-')) {
    return fail(tastevin::cli::kUsageError, unknown_command(app, app.remaining().front()));
  }
  return fail(tastevin::cli::kUsageError, std::string(error.what()) + "; see tastevin --help");
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return end_of_parsing(app, error);
  }
  tastevin::cli::flush_standard_output();
  // Nothing is left to do, and the system takes memory back at once: tearing down some 200 MB of packed weights piece
  // by piece would keep the user waiting for 0.2 s.
  std::_Exit(0);
} catch (const tastevin::Error& error) {
  return fail(tastevin::cli::exit_code_of(error.code()), error.what());
} catch (const std::bad_alloc&) {
  return fail(tastevin::cli::exit_code_of(tastevin::ErrorCode::internal), "out of memory");
} catch (const std::exception& error) {
  return fail(tastevin::cli::exit_code_of(tastevin::ErrorCode::internal), error.what());
}
