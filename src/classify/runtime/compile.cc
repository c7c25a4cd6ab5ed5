#include "classify/runtime/compile.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <streambuf>

#include <openvino/op/ops.hpp>
#include <openvino/pass/serialize.hpp>

#include "base/digest.h"
#include "base/error.h"
#include "classify/runtime/blob_store.h"
#include "classify/runtime/device.h"
#include "tastevin/version.h"

namespace tastevin::runtime {
namespace {

/// A stream into a checksum.
class DigestBuffer : public std::streambuf {
 public:
  explicit DigestBuffer(Digest& digest) : digest_(digest) {}

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    digest_.update({bytes, static_cast<std::size_t>(count)});
    written_ += count;
    return count;
  }
  int_type overflow(int_type character) override {
    const char byte = traits_type::to_char_type(character);
    xsputn(&byte, 1);
    return character;
  }
  /// Only the current position is ever asked for.
  pos_type seekoff(off_type /*offset*/, std::ios_base::seekdir /*from*/, std::ios_base::openmode /*which*/) override {
    return written_;
  }

 private:
  Digest& digest_;
  std::streamoff written_ = 0;
};

/// What decides the compiled form: the graph with its weights as it goes to the device, the properties, the programs,
/// the device. Nodes are named by their place, as those that are made at load are numbered differently in each process.
std::string key_of(const ov::Model& model, const std::string& device, const ov::AnyMap& properties) {
  const auto numbered = model.clone();
  numbered->set_friendly_name("graph");
  std::size_t number = 0;
  for (const auto& node : numbered->get_ordered_ops()) node->set_friendly_name(std::to_string(number++));

  Digest digest = Digest::sha256();
  DigestBuffer buffer(digest);
  std::ostream out(&buffer);
  out << "tastevin " << version() << "\nopenvino " << ov::get_openvino_version().buildNumber << "\n"
      << core().get_property(device, ov::device::full_name) << "\n";
  for (const std::string& capability : core().get_property(device, ov::device::capabilities)) out << capability << " ";
  for (const auto& [name, value] : properties) out << "\n" << name << " " << value.as<std::string>();
  DigestBuffer weights_buffer(digest);
  std::ostream weights(&weights_buffer);
  ov::pass::Serialize(out, weights).run_on_model(numbered);
  return digest.hex();
}

bool has_int8_activations(const ov::Model& model) {
  const auto quantizes = [](const auto& node) { return ov::is_type<ov::op::v0::FakeQuantize>(node); };
  return std::ranges::any_of(model.get_ops(), quantizes);
}

bool compiles_slowly(const ov::Model& model, const std::string& device) {
  return device == "CPU" && has_int8_activations(model);
}

ov::CompiledModel compile_anew(const std::shared_ptr<ov::Model>& model, const std::string& device,
                               const ov::AnyMap& properties) {
  try {
    return core().compile_model(model, device, properties);
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::unavailable,
                "device " + in_quotes(device) + ": the model could not be compiled: " + in_quotes(error.what(), 300));
  }
}

/// The bytes of what `model` answers to one short row of zeros: equal for equal models.
std::string probe(ov::CompiledModel& model) {
  constexpr std::int64_t kTokens = 8;
  ov::InferRequest request = model.create_infer_request();
  for (std::size_t i = 0; i < model.inputs().size(); ++i) {
    ov::PartialShape shape = model.input(i).get_partial_shape();
    for (ov::Dimension& size : shape) {
      if (size.is_dynamic()) size = &size == &*shape.begin() ? 1 : kTokens;
    }
    ov::Tensor zeros(model.input(i).get_element_type(), shape.to_shape());
    std::memset(zeros.data(), 0, zeros.get_byte_size());
    request.set_input_tensor(i, zeros);
  }
  request.infer();
  const ov::Tensor output = request.get_output_tensor(0);
  return {static_cast<const char*>(output.data()), output.get_byte_size()};
}

/// The compiled form of one graph in the cache: what OpenVINO exports, the answer that its `probe` gave, by which one
/// that answers otherwise when it is read back is found out, and the number of exported bytes. A cache that fails says
/// why in `warning`, and is a cache without the model.
class CachedModel {
 public:
  CachedModel(const std::filesystem::path& folder, std::string key, std::string& warning)
      : store_(folder), key_(std::move(key)), warning_(warning) {}

  std::optional<Compiled> find(const std::string& device, const ov::AnyMap& properties) {
    try {
      const auto blob = store_.find(key_);
      if (!blob) return std::nullopt;
      const std::string_view bytes = blob->file->text().substr(0, blob->size);
      const std::size_t exported = exported_bytes(bytes);
      Compiled compiled{import(blob->file, exported, device, properties), blob->file, {}};
      if (bytes.substr(exported).starts_with(probe(compiled.model))) return compiled;
      discard("it answers otherwise than when it was compiled");
    } catch (const Error& error) {
      warning_ = std::string("compiled anew: ") + error.what();
    } catch (const ov::Exception& error) {
      discard("it cannot be read back: " + in_quotes(error.what(), 200));
    }
    return std::nullopt;
  }

  void keep(ov::CompiledModel& model) {
    try {
      const std::string answer = probe(model);
      store_.store(key_, [&](std::ostream& out) {
        model.export_model(out);
        out.seekp(0, std::ios::end);  // it goes back to write its header
        const auto exported = static_cast<std::uint64_t>(out.tellp());
        out << answer;
        out.write(reinterpret_cast<const char*>(&exported), sizeof exported);
      });
    } catch (const std::exception& error) {
      warning_ = std::string("compiled models are not kept: ") + error.what();
    }
  }

 private:
  static std::size_t exported_bytes(std::string_view bytes) {
    std::uint64_t exported = 0;
    if (bytes.size() >= sizeof exported)
      std::memcpy(&exported, bytes.data() + bytes.size() - sizeof exported, sizeof exported);
    return std::min<std::uint64_t>(exported, bytes.size());
  }

  static ov::CompiledModel import(const std::shared_ptr<const MappedFile>& file, std::size_t exported,
                                  const std::string& device, const ov::AnyMap& properties) {
    const ov::Tensor bytes(ov::element::u8, {exported}, const_cast<std::byte*>(file->data()));
    const auto owner = std::static_pointer_cast<void>(std::const_pointer_cast<MappedFile>(file));
    return core().import_model(ov::Tensor(bytes, owner), device, properties);
  }

  void discard(const std::string& why) {
    warning_ = "compiled anew: cached model " + key_ + ": " + why;
    store_.remove(key_);
  }

  BlobStore store_;
  std::string key_;
  std::string& warning_;
};

}  // namespace

Compiled compile(const std::shared_ptr<ov::Model>& model, const std::string& device, const ov::AnyMap& properties,
                 const std::filesystem::path& cache) {
  if (cache.empty() || !compiles_slowly(*model, device)) return {compile_anew(model, device, properties), nullptr, {}};
  std::string warning;
  CachedModel kept(cache, key_of(*model, device, properties), warning);
  if (auto found = kept.find(device, properties)) return *std::move(found);
  Compiled compiled{compile_anew(model, device, properties), nullptr, {}};
  kept.keep(compiled.model);
  compiled.warning = std::move(warning);
  return compiled;
}

std::string int8_warning(const ov::Model& model, const CpuFeatures& features) {
  if (features.multiplies_bytes() || !has_int8_activations(model)) return {};
  return "this CPU has neither VNNI nor AMX: int8 may be slower here than f32, and sums can saturate unless the "
         "weights have 7 bits, as those that are quantized here";
}

}  // namespace tastevin::runtime
