#include "prepare/checkpoint/torch_file.h"

#include <cstring>
#include <utility>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/torch_storages.h"

namespace tastevin::checkpoint {
namespace {

/// Keeps the elements of a tensor that was copied, and the file as every owner does.
struct Copy {
  std::shared_ptr<const MappedFile> file;
  std::vector<std::byte> bytes;
};

[[noreturn]] void overflows(const std::string& where) { bad_checkpoint(where, "its shape overflows a 64-bit size"); }

std::size_t product(std::size_t left, std::size_t right, const std::string& where) {
  std::size_t result = 0;
  if (__builtin_mul_overflow(left, right, &result)) overflows(where);
  return result;
}

std::size_t elements_of(const PickledTensor& tensor, const std::string& where) {
  std::size_t elements = 1;
  for (const std::size_t size : tensor.shape) elements = product(elements, size, where);
  return elements;
}

/// The index after the last element that the tensor has in its storage; it has one.
std::size_t end_of(const PickledTensor& tensor, const std::string& where) {
  std::size_t last = tensor.offset;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const std::size_t step = product(tensor.shape[i] - 1, tensor.strides[i], where);
    if (__builtin_add_overflow(last, step, &last)) overflows(where);
  }
  if (__builtin_add_overflow(last, std::size_t{1}, &last)) overflows(where);
  return last;
}

/// Whether the elements stand one after another, the last dimension first; strides of a size of 1 say nothing.
bool is_row_major(const PickledTensor& tensor) {
  std::size_t expected = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] == 1) continue;
    if (tensor.strides[i] != expected) return false;
    expected *= tensor.shape[i];
  }
  return true;
}

/// Copies the elements in row-major order. All that it touches was checked.
std::vector<std::byte> row_major(const PickledTensor& tensor, std::string_view storage, std::size_t bytes) {
  const std::size_t size = size_of(tensor.dtype);
  std::vector<std::byte> copy(bytes);
  std::vector<std::size_t> index(tensor.shape.size());
  std::size_t element = tensor.offset;
  for (std::size_t at = 0; at < bytes; at += size) {
    std::memcpy(copy.data() + at, &storage[element * size], size);
    for (std::size_t i = index.size(); i-- > 0;) {  // the next element: the last index first, with carry
      element += tensor.strides[i];
      if (++index[i] < tensor.shape[i]) break;
      element -= tensor.strides[i] * tensor.shape[i];
      index[i] = 0;
    }
  }
  return copy;
}

class ViewMaker {
 public:
  ViewMaker(const TorchContents& contents, std::shared_ptr<const MappedFile> owner, std::size_t copies)
      : contents_(contents), owner_(std::move(owner)), copies_left_(copies) {}

  TensorView view_of(PickledTensor tensor, const std::string& where) {
    const std::size_t elements = elements_of(tensor, where);
    const std::size_t bytes = product(elements, size_of(tensor.dtype), where);
    const std::string_view storage = storage_of(tensor, where);
    if (elements == 0) return {tensor.dtype, std::move(tensor.shape), bytes_at(storage, 0), 0, owner_};
    const std::size_t end = end_of(tensor, where);
    if (end > tensor.storage_elements) {
      bad_checkpoint(where, "its elements end at " + std::to_string(end) + " of a storage of " +
                                std::to_string(tensor.storage_elements));
    }
    if (!is_row_major(tensor)) return copy_of(std::move(tensor), storage, bytes, where);
    const std::byte* data = bytes_at(storage, tensor.offset * size_of(tensor.dtype));
    return {tensor.dtype, std::move(tensor.shape), data, bytes, owner_};
  }

 private:
  static const std::byte* bytes_at(std::string_view storage, std::size_t at) {
    return reinterpret_cast<const std::byte*>(storage.data()) + at;
  }

  /// The storage, which has all the elements that the pickle says.
  std::string_view storage_of(const PickledTensor& tensor, const std::string& where) const {
    const auto found = contents_.storages.find(tensor.storage);
    if (found == contents_.storages.end()) {
      bad_checkpoint(where, "expected storage " + in_quotes(tensor.storage) + ", found none of this name");
    }
    const std::size_t expected = product(tensor.storage_elements, size_of(tensor.dtype), where);
    if (found->second.size() < expected) {
      bad_checkpoint(where, "expected a storage of " + std::to_string(expected) + " bytes, found " +
                                std::to_string(found->second.size()));
    }
    return found->second;
  }

  TensorView copy_of(PickledTensor tensor, std::string_view storage, std::size_t bytes, const std::string& where) {
    if (bytes > copies_left_) {
      bad_checkpoint(where, "the tensors that are not row-major would take more memory than the file (" +
                                std::to_string(bytes) + " bytes for this one)");
    }
    copies_left_ -= bytes;
    const auto copy = std::make_shared<const Copy>(owner_, row_major(tensor, storage, bytes));
    const std::shared_ptr<const MappedFile> owner(copy, owner_.get());
    return {tensor.dtype, std::move(tensor.shape), copy->bytes.data(), bytes, owner};
  }

  const TorchContents& contents_;
  std::shared_ptr<const MappedFile> owner_;
  std::size_t copies_left_;
};

}  // namespace

Tensors parse_torch_file(std::string_view file, std::shared_ptr<const MappedFile> owner, const std::string& where) {
  TorchContents contents = read_torch_contents(file, where);
  ViewMaker views(contents, std::move(owner), file.size());
  Tensors tensors;
  for (PickledTensor& tensor : contents.tensors) {
    const std::string at = where + ": tensor " + in_quotes(tensor.name, 200);
    const std::string_view name = tensor.name;
    tensors.emplace(name, views.view_of(std::move(tensor), at));
  }
  return tensors;
}

Tensors read_torch_file(const std::filesystem::path& path) {
  const auto file = std::make_shared<const MappedFile>(path);
  return parse_torch_file(file->text(), file, path.string());
}

}  // namespace tastevin::checkpoint
