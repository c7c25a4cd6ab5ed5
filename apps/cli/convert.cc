#include "tastevin/convert.h"

#include <iostream>
#include <memory>

#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct ConvertFlags {
  std::string checkpoint;
  std::string out;
  ConvertOptions options;
};

void run(const ConvertFlags& flags) {
  const ModelInfo info = convert(chosen_model(flags.checkpoint), flags.out, flags.options);
  std::cout << flags.out << ": " << info.family << ", " << info.labels.size() << " labels, weights " << info.weights
            << ", " << human_bytes(info.weight_bytes) << "\n";
}

}  // namespace

void add_convert(CLI::App& app) {
  auto flags = std::make_shared<ConvertFlags>();
  CLI::App* command = app.add_subcommand("convert", "Turn a Hugging Face checkpoint into an OpenVINO model folder");
  command
      ->add_option("CHECKPOINT", flags->checkpoint,
                   "checkpoint folder (config.json, weights, tokenizer files) or Hub id")
      ->required()
      ->type_name("");
  command->add_option("OUT", flags->out, "folder to write; one converted before is replaced")
      ->required()
      ->type_name("");
  add_flags(*command, flags->options);
  command->footer("Example:\n  tastevin convert models/sst2-tiny build/sst2-tiny --weights f16");
  command->callback([flags] { run(*flags); });
}

}  // namespace tastevin::cli
