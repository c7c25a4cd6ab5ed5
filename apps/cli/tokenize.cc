#include "tastevin/tokenize.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "base/json.h"
#include "base/utf8.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "line_reader.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct TokenizeFlags {
  std::vector<std::string> texts;
  std::string model;
  std::string file;
  std::optional<std::string> pair;
  TokenizeOptions options;
};

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t shown = utf8::count(text);
  return text + std::string(shown < width ? width - shown : 0, ' ');
}

/// For people: a line a token.
void print_table(const Tokens& tokens) {
  std::size_t width = 5;
  for (const std::string& token : tokens.tokens) width = std::max(width, utf8::count(one_line(token)));
  std::cout << bold(padded("token", width)) << "  " << bold("    id") << "  " << bold("span") << "\n";
  for (std::size_t i = 0; i < tokens.ids.size(); ++i) {
    const std::string id = std::to_string(tokens.ids[i]);
    std::cout << padded(one_line(tokens.tokens[i]), width) << "  "
              << std::string(id.size() < 6 ? 6 - id.size() : 0, ' ') << id;
    if (tokens.special[i] == 0) std::cout << "  " << tokens.offsets[i].first << ".." << tokens.offsets[i].second;
    std::cout << "\n";
  }
}

/// For programs: a JSON line a text.
void print_json(const Tokens& tokens) {
  AnswerJson offsets = AnswerJson::array();
  for (const auto& [begin, end] : tokens.offsets) offsets.push_back({begin, end});
  const AnswerJson answer{{"ids", tokens.ids},
                          {"tokens", tokens.tokens},
                          {"offsets", std::move(offsets)},
                          {"type_ids", tokens.type_ids},
                          {"special", tokens.special}};
  std::cout << dumped(answer) << "\n";
}

void tokenize(const TokenizeFlags& flags) {
  check_one_source("tokenize", flags.texts, flags.file);
  const auto tokenizer = TextTokenizer::load(chosen_or_bundled_model(flags.model));
  const bool for_people = ::isatty(STDOUT_FILENO) == 1;
  const auto print = [&](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const Tokens tokens = tokenizer.tokenize({text, flags.pair}, flags.options);
      for_people ? print_table(tokens) : print_json(tokens);
    }
    flush_standard_output();
  };
  print(flags.texts);
  if (flags.file.empty()) return;
  LineReader reader(flags.file);
  for (auto lines = reader.next(); !lines.empty(); lines = reader.next()) print(lines);
}

}  // namespace

void add_tokenize(CLI::App& app) {
  auto flags = std::make_shared<TokenizeFlags>();
  CLI::App* command =
      app.add_subcommand("tokenize", "Show the tokens of texts: a table on a terminal, JSON lines otherwise");
  command->add_option("TEXT", flags->texts, "texts to tokenize")->type_name("");
  command
      ->add_option("--model", flags->model,
                   "folder with tokenizer files, or Hub id (default: the bundled sentiment model)")
      ->type_name("FOLDER");
  command->add_option("--file", flags->file, "read one text a line; - is standard input")->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--pair", [flags](const std::string& text) { flags->pair = text; }, "second text of each pair")
      ->type_name("TEXT");
  add_flags(*command, flags->options);
  command->footer("Example:\n  tastevin tokenize \"I had a wonderful day\" --model models/sst2-tiny");
  command->callback([flags] { tokenize(*flags); });
}

}  // namespace tastevin::cli
