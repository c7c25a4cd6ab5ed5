#include "prepare/checkpoint/pickled_tensors.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"

namespace tastevin::checkpoint {
namespace {

constexpr std::string_view kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils._rebuild_parameter";

constexpr std::array<std::string_view, 15> kGlobals{
    "torch.DoubleStorage",     "torch.FloatStorage", "torch.HalfStorage",  "torch.BFloat16Storage",
    "torch.LongStorage",       "torch.IntStorage",   "torch.ShortStorage", "torch.CharStorage",
    "torch.ByteStorage",       "torch.BoolStorage",  kRebuildTensor,       kRebuildParameter,
    "collections.OrderedDict", "torch.Size",         "torch.device",
};

// The first of the globals are the storages, in the order of the types that they hold.
constexpr std::array kStoredTypes{DType::f64, DType::f32, DType::f16, DType::bf16, DType::i64,
                                  DType::i32, DType::i16, DType::i8,  DType::u8,   DType::boolean};

/// Reads the parts of one tensor; every value that is of another kind than expected is an error that names the tensor.
class TensorReader {
 public:
  TensorReader(const Pickle& pickle, const std::string& where) : pickle_(pickle), where_(where) {}

  PickledTensor read(std::string_view name, const PickleValue& value) const {
    const PickleValue& arguments = arguments_of_tensor(value);
    PickledTensor tensor;
    tensor.name = name;
    read_storage(tensor, item(arguments, 0));
    tensor.offset = size(item(arguments, 1));
    tensor.shape = sizes(item(arguments, 2));
    tensor.strides = sizes(item(arguments, 3));
    if (tensor.shape.size() != tensor.strides.size()) fail("it has another number of strides than of sizes");
    return tensor;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { bad_checkpoint(where_, what); }

  const PickleValue& expect(const PickleValue& value, PickleKind kind) const {
    if (value.kind != kind) {
      fail("expected a " + std::string(name_of(kind)) + ", found a " + std::string(name_of(value.kind)));
    }
    return value;  // NOLINT(bugprone-return-const-ref-from-parameter): every value stands in the pickle
  }

  const PickleValue& item(const PickleValue& list, std::size_t index) const {
    if (index >= list.items.size()) {
      fail("expected at least " + std::to_string(index + 1) + " parts, found " + std::to_string(list.items.size()));
    }
    return pickle_.at(list.items[index]);
  }

  std::string_view callee(const PickleValue& call) const { return item(expect(call, PickleKind::call), 0).text; }

  const PickleValue& arguments(const PickleValue& call) const { return item(call, 1); }

  /// A tensor, or a parameter that wraps one.
  const PickleValue& arguments_of_tensor(const PickleValue& value) const {
    const bool parameter = callee(value) == kRebuildParameter;
    const PickleValue& tensor = parameter ? item(arguments(value), 0) : value;
    if (callee(tensor) != kRebuildTensor) {
      fail("expected a call of " + std::string(kRebuildTensor) + ", found one of " + std::string(callee(tensor)));
    }
    return arguments(tensor);
  }

  /// The id ("storage", type, key, device, elements), and in the older form what part of another storage it is.
  void read_storage(PickledTensor& tensor, const PickleValue& storage) const {
    const PickleValue& id = expect(item(expect(storage, PickleKind::persistent), 0), PickleKind::tuple);
    if (expect(item(id, 0), PickleKind::text).text != "storage") fail("its data are no storage");
    tensor.dtype = stored_type(expect(item(id, 1), PickleKind::global).text);
    tensor.storage = expect(item(id, 2), PickleKind::text).text;
    tensor.storage_elements = size(item(id, 4));
    if (id.items.size() > 5) expect(item(id, 5), PickleKind::none);
  }

  DType stored_type(std::string_view global) const {
    const auto* const found = std::ranges::find(kGlobals, global);
    const auto index = static_cast<std::size_t>(found - kGlobals.begin());
    if (index >= kStoredTypes.size()) fail("expected a type of storage, found " + in_quotes(global));
    return kStoredTypes[index];
  }

  std::size_t size(const PickleValue& value) const {
    const std::int64_t number = expect(value, PickleKind::integer).integer;
    if (number < 0) fail("expected a size, offset or stride of at least 0, found " + std::to_string(number));
    return static_cast<std::size_t>(number);
  }

  std::vector<std::size_t> sizes(const PickleValue& value) const {
    const PickleValue& list = value.kind == PickleKind::call ? size_of_call(value) : value;
    const std::size_t rank = expect(list, PickleKind::tuple).items.size();
    if (rank > kMaxRank) fail("expected at most 16 dimensions, found " + std::to_string(rank));
    std::vector<std::size_t> sizes;
    sizes.reserve(rank);
    for (std::size_t i = 0; i < rank; ++i) sizes.push_back(size(item(list, i)));
    return sizes;
  }

  const PickleValue& size_of_call(const PickleValue& call) const {
    if (callee(call) != "torch.Size") fail("expected a shape, found a call of " + std::string(callee(call)));
    return item(arguments(call), 0);
  }

  const Pickle& pickle_;
  const std::string where_;
};

}  // namespace

std::span<const std::string_view> torch_globals() { return kGlobals; }

std::vector<PickledTensor> pickled_tensors(const Pickle& pickle, const std::string& where) {
  const PickleValue& dict = pickle.top();
  if (dict.kind != PickleKind::dict) {
    bad_checkpoint(where, "expected a dict from name to tensor, found a " + std::string(name_of(dict.kind)));
  }
  std::vector<PickledTensor> tensors;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue& name = pickle.at(dict.items[i]);
    if (name.kind != PickleKind::text) bad_checkpoint(where, "expected names of tensors, found another key");
    const PickleValue& value = pickle.at(dict.items[i + 1]);
    const std::string tensor = where + ": tensor " + in_quotes(name.text, 200);
    if (value.kind != PickleKind::call) {
      bad_checkpoint(tensor, "expected a tensor, found a " + std::string(name_of(value.kind)));
    }
    if (!names.insert(name.text).second) bad_checkpoint(tensor, "twice");
    tensors.push_back(TensorReader(pickle, tensor).read(name.text, value));
  }
  return tensors;
}

}  // namespace tastevin::checkpoint
