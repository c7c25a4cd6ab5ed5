#include "open_model.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/model_files.h"
#include "calibration_file.h"
#include "prepare/checkpoint/tensor_store.h"
#include "prepare/graph/graph.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

model_folder::Graph build_from_checkpoint(const fs::path& folder, const checkpoint::ModelConfig& config) {
  const auto tensors = checkpoint::TensorStore::open(folder);
  model_folder::Graph graph;
  std::set<std::shared_ptr<const MappedFile>> files;
  for (const auto& [name, tensor] : tensors.all()) {
    files.insert(tensor.owner);
    graph.weights[std::string(checkpoint::name_of(tensor.dtype))] += tensor.bytes / checkpoint::size_of(tensor.dtype);
    graph.weight_bytes += tensor.bytes;
  }
  graph.files.assign(files.begin(), files.end());
  auto built = graph::build_graph(config, tensors, WeightFormat::keep);
  graph.model = std::move(built.model);
  graph.ignored = std::move(built.ignored);
  return graph;
}

/// The forms in which a folder may hold a model, in the order in which they are taken.
enum class Form { model_folder, ir, checkpoint, onnx };

/// Where the parts of a model are: config and tokenizer in the folder, the graph there in the form, or in an ONNX file.
struct Place {
  fs::path folder;
  Form form = Form::checkpoint;
  fs::path onnx = {};
  std::string name = folder.filename().string();
  fs::path calibration = folder / "calibration.json";
};

Place place_in(const fs::path& folder) {
  if (model_folder::is_model_folder(folder))
    return {folder, is_file(folder / "tastevin.json") ? Form::model_folder : Form::ir};
  if (fs::path onnx = model_folder::onnx_file(folder); !checkpoint::TensorStore::is_in(folder) && !onnx.empty())
    return {folder, Form::onnx, std::move(onnx)};
  return {folder, Form::checkpoint};
}

/// An ONNX file has its config and tokenizer beside it or, as in the repositories of the Hub, one folder above.
Place place_of_onnx(const fs::path& file) {
  const fs::path whole = fs::absolute(file).lexically_normal();
  const fs::path beside = whole.parent_path();
  for (const fs::path& folder : {beside, beside.parent_path()}) {
    if (!is_file(folder / "config.json")) continue;
    Place of_folder = place_in(folder);
    const bool is_it = of_folder.form == Form::onnx && fs::equivalent(of_folder.onnx, file);
    if (is_it) return of_folder;
    // One of several graphs there: what is learnt about one is not true of the others.
    return {.folder = folder,
            .form = Form::onnx,
            .onnx = file,
            .name = (folder.filename() / whole.lexically_proximate(folder)).string(),
            .calibration = beside / file.stem().concat(".calibration.json")};
  }
  throw Error(ErrorCode::not_found,
              "model " + in_quotes(file.string(), 200) + ": expected a config.json beside it or one folder above");
}

/// With a name of its own: neither "." nor with a slash at its end.
fs::path named(const fs::path& folder) {
  const fs::path plain = folder.lexically_normal();
  const fs::path bare = plain.has_filename() ? plain : plain.parent_path();
  return bare.empty() || bare.filename() == "." || bare.filename() == ".." ? fs::canonical(folder) : bare;
}

Place place_of(const fs::path& model) {
  if (is_folder(model)) return place_in(named(model));
  if (!is_there(model)) throw Error(ErrorCode::not_found, "model " + in_quotes(model.string(), 200) + ": not there");
  if (model.extension() == ".onnx") return place_of_onnx(model);
  throw Error(ErrorCode::not_found,
              "model " + in_quotes(model.string(), 200) + ": expected a folder or an .onnx file, found another file");
}

const char* name_of(Form form) {
  switch (form) {
    case Form::model_folder:
      return "model folder";
    case Form::ir:
      return "OpenVINO IR";
    case Form::onnx:
      return "ONNX";
    case Form::checkpoint:
      break;
  }
  return "checkpoint";
}

model_folder::Graph graph_of(const Place& place, const checkpoint::ModelConfig& config) {
  switch (place.form) {
    case Form::model_folder:
    case Form::ir:
      return model_folder::read(place.folder);
    case Form::onnx:
      return model_folder::read_onnx(place.onnx);
    case Form::checkpoint:
      break;
  }
  return build_from_checkpoint(place.folder, config);
}

/// The smaller of the model's and the tokenizer's limit.
std::size_t max_length_of(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config) {
  const std::size_t model = checkpoint::longest_text(config);
  const std::size_t text = tokenizer.model_max_length().value_or(model);
  return model == 0 ? text : std::min(model, text);
}

std::string mask_token_of(const tokenizer::Tokenizer& tokenizer) {
  for (const char* token : {"[MASK]", "<mask>"}) {
    const Encoding encoding = tokenizer.encode({token}, {.special_tokens = false});
    if (encoding.ids.size() == 1 && tokenizer.token(encoding.ids.front()) == token) return token;
  }
  return {};
}

/// BART reads the end token, of which the reference wants one in each text; without it, that of another would be read.
void check_end_token(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config) {
  constexpr std::size_t kUsual = 2;
  const std::size_t end = size_or(config.raw, "eos_token_id", kUsual, config.where);
  const std::vector<std::int32_t> ids = tokenizer.encode({""}, {}).ids;
  if (!ids.empty() && static_cast<std::size_t>(ids.back()) == end) return;
  throw Error(ErrorCode::bad_checkpoint,
              config.where + ": eos_token_id: expected the token that the tokenizer ends a text by, found " +
                  std::to_string(end));
}

/// What the model was read from, sorted; of an ONNX file with what lies outside of it.
std::vector<fs::path> files_of(const Place& place, const model_folder::Graph& graph) {
  std::set<fs::path> files;
  for (const char* name : kFilesBesideWeights)
    if (is_file(place.folder / name)) files.insert(place.folder / name);
  for (const auto& file : graph.files) files.insert(file->path());
  if (place.form == Form::model_folder || place.form == Form::ir) files.insert(place.folder / "openvino_model.xml");
  if (place.form == Form::onnx) {
    const fs::path beside = fs::absolute(place.onnx).parent_path();
    for (const fs::path& file : files_in(beside))
      if (file.filename().string().starts_with(place.onnx.filename().string())) files.insert(file);
  }
  return {files.begin(), files.end()};
}

ModelInfo info_of(const Place& place, const checkpoint::ModelConfig& config, const tokenizer::Tokenizer& tokenizer,
                  const model_folder::Graph& graph) {
  ModelInfo info{.folder = place.folder,
                 .name = place.name,
                 .files = files_of(place, graph),
                 .calibration_file = place.calibration,
                 .form = name_of(place.form),
                 .family = config.model_type,
                 .weights = {},
                 .task = config.problem_type.value_or(Task::single_label),
                 .labels = config.labels,
                 .layers = config.layers,
                 .hidden_size = config.hidden_size,
                 .heads = config.heads,
                 .vocabulary = config.vocab_size,
                 .max_length = max_length_of(tokenizer, config),
                 .positions = checkpoint::longest_text(config),
                 .mask_token = mask_token_of(tokenizer),
                 .parameters = 0,
                 .weight_bytes = graph.weight_bytes,
                 .ignored = graph.ignored};
  for (const auto& [type, count] : graph.weights) {
    info.weights += (info.weights.empty() ? "" : ", ") + type;
    info.parameters += count;
  }
  return info;
}

}  // namespace

void check_tokenizer(const tokenizer::Tokenizer& tokenizer, const checkpoint::ModelConfig& config) {
  if (config.model_type == "bart") check_end_token(tokenizer, config);
  const bool is_known = config.vocab_size > 0;  // a family that is not built here may call it something else
  if (!is_known || tokenizer.id_bound() <= config.vocab_size) return;
  throw Error(ErrorCode::bad_checkpoint,
              config.where + ": the embedding table has " + std::to_string(config.vocab_size) +
                  " rows, the tokenizer gives ids up to " + std::to_string(tokenizer.id_bound() - 1));
}

fs::path folder_of(const fs::path& model) {
  return is_file(model) && model.extension() == ".onnx" ? place_of_onnx(model).folder : model;
}

ModelParts open_model(const fs::path& model) {
  const Place place = place_of(model);
  auto config = checkpoint::read_config(place.folder);
  auto tokenizer = tokenizer::Tokenizer::load(place.folder, config.vocab_size);
  check_tokenizer(tokenizer, config);
  auto graph = graph_of(place, config);
  if (const std::size_t outputs = model_folder::outputs_of(*graph.model); outputs > 0) {
    config.labels = checkpoint::labels_of_head(config, outputs);
  }
  auto info = info_of(place, config, tokenizer, graph);
  return {std::move(config), std::move(tokenizer), std::move(graph), std::move(info)};
}

ModelInfo inspect(const fs::path& model) {
  ModelInfo info = open_model(model).info;
  info.calibration = stored_calibration(info);
  return info;
}

}  // namespace tastevin
