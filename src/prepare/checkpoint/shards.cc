#include "prepare/checkpoint/shards.h"

#include <charconv>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/weight_map.h"
#include "prepare/checkpoint/bad_checkpoint.h"

namespace tastevin::checkpoint {
namespace {

using WeightMap = std::map<std::string, std::string>;  // tensor -> file

std::set<std::string> files_of(const WeightMap& map) {
  std::set<std::string> files;
  for (const auto& [tensor, file] : map) files.insert(file);
  return files;
}

/// How many files the series of "model-00001-of-00007.safetensors" or "pytorch_model-00001-of-00007.bin" has: 7.
std::optional<std::size_t> series_length(std::string_view file) {
  const std::size_t of = file.rfind("-of-");
  if (of == std::string_view::npos) return std::nullopt;
  const std::string_view number = file.substr(of + 4);
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), length);
  const std::string_view extension(end, number.data() + number.size());
  const bool whole = error == std::errc{} && (extension == ".safetensors" || extension == ".bin");
  return whole ? std::optional(length) : std::nullopt;
}

void check_series(const std::set<std::string>& files, const std::string& where) {
  for (const std::string& file : files) {
    const std::optional<std::size_t> length = series_length(file);
    if (length && *length != files.size()) {
      bad_checkpoint(where, "the index is partial: expected the " + std::to_string(*length) +
                                " files of the series of " + in_quotes(file) + ", found " +
                                std::to_string(files.size()));
    }
  }
}

void check_is_there(const std::filesystem::path& path, const std::string& where) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return;
  bad_checkpoint(where, "names the file " + in_quotes(path.filename().string(), 200) + ", which is not in the folder");
}

/// Every tensor that the index puts into `file` must be there.
void check_contents(const WeightMap& map, const std::string& file, const Tensors& shard, const std::string& where) {
  for (const auto& [tensor, place] : map) {
    if (place == file && !shard.contains(tensor)) {
      bad_checkpoint(where, "tensor " + in_quotes(tensor, 200) + ": expected in " + in_quotes(file) +
                                ", found no such tensor there");
    }
  }
}

}  // namespace

Tensors read_shards(const std::filesystem::path& index, ReadTensors read) {
  const std::string where = index.string();
  const WeightMap map = weight_map_of(read_json_object(index), where);
  const std::set<std::string> files = files_of(map);
  check_series(files, where);
  Tensors all;
  for (const std::string& file : files) {
    const std::filesystem::path path = index.parent_path() / file;
    check_is_there(path, where);
    Tensors shard = read(path);
    check_contents(map, file, shard, where);
    all.merge(shard);
    if (!shard.empty()) bad_checkpoint(where, "tensor " + in_quotes(shard.begin()->first, 200) + ": in two files");
  }
  return all;
}

}  // namespace tastevin::checkpoint
