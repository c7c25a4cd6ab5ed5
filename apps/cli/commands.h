#pragma once

// One function a command: it defines the command's flags on `app` and what runs when it is chosen.

#include <CLI/CLI.hpp>

namespace tastevin::cli {

void add_classify(CLI::App& app);
void add_tokenize(CLI::App& app);
void add_convert(CLI::App& app);
void add_inspect(CLI::App& app);
void add_pull(CLI::App& app);
void add_devices(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_explain(CLI::App& app);
void add_calibrate(CLI::App& app);
void add_threshold(CLI::App& app);
void add_serve(CLI::App& app);
void add_zero_shot(CLI::App& app);
void add_quantize(CLI::App& app);
void add_bench(CLI::App& app);
void add_completion(CLI::App& app);
void add_manual(CLI::App& app);

}  // namespace tastevin::cli
