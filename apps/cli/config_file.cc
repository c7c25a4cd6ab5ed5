#include "config_file.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "base/error.h"
#include "base/text_file.h"
#include "usage.h"

namespace tastevin::cli {
namespace {

/// The name of an item, or the head of a section, which CLI11 calls "++" of its name.
std::string written(const CLI::ConfigItem& item) {
  return item.name == "++" && !item.parents.empty() ? "[" + item.parents.back() + "]" : item.fullname();
}

void set_flag(CLI::App& command, const CLI::ConfigItem& item) {
  CLI::Option* flag = item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
  if (flag == nullptr || !flag->get_configurable())
    throw Error(ErrorCode::invalid_argument,
                "expected name=value with the name of a flag, found " + in_quotes(written(item)));
  if (std::ranges::all_of(item.inputs, &std::string::empty))
    throw Error(ErrorCode::invalid_argument, "expected a value behind " + in_quotes(item.name + "=") + ", found none");
  if (flag->count() > 0) return;
  if (flag->get_expected_min() == 0) {
    flag->add_result(flag->get_flag_value(item.name, command.get_config_formatter()->to_flag(item)));
  } else {
    flag->add_result(item.inputs);
  }
  flag->run_callback();
}

}  // namespace

void read_environment(CLI::App& command) {
  for (CLI::Option* flag : command.get_options()) {
    std::string name = flag->get_name();
    if (!name.starts_with("--") || !flag->get_configurable()) continue;
    name = name.substr(2);
    for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    flag->envname("TASTEVIN_" + name);
  }
}

void read_config_file(CLI::App& command, const std::string& file) {
  std::istringstream lines(read_text_file(file));
  try {
    for (const CLI::ConfigItem& item : command.get_config_formatter()->from_config(lines)) set_flag(command, item);
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::invalid_argument, in_quotes(file, 200) + ": " + in_our_words(command, error.what()));
  } catch (const Error& error) {
    throw Error(error.code(), in_quotes(file, 200) + ": " + error.what());
  }
}

}  // namespace tastevin::cli
