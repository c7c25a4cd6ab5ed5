#include "prepare/checkpoint/torch_storages.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/little_endian.h"
#include "prepare/checkpoint/zip_entries.h"

namespace tastevin::checkpoint {
namespace {

using namespace std::string_view_literals;

/// The pickle, in protocol 2, of the number that torch.save began its files with before 1.6.
constexpr std::string_view kMagic = "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."sv;
constexpr std::int64_t kLegacyProtocol = 1001;

std::string_view folder_in(const ZipEntries& entries, const std::string& where) {
  constexpr std::string_view kPickle = "/data.pkl";
  std::optional<std::string_view> folder;
  for (const auto& [name, bytes] : entries) {
    if (!name.ends_with(kPickle) || name.find('/') != name.size() - kPickle.size()) continue;
    if (folder) bad_checkpoint(where, "expected one data.pkl, found two");
    folder = name.substr(0, name.size() - kPickle.size());
  }
  if (!folder) bad_checkpoint(where, "expected the zip archive of torch.save, found one without data.pkl");
  return *folder;
}

void check_byte_order(const ZipEntries& entries, const std::string& folder, const std::string& where) {
  const auto order = entries.find(folder + "/byteorder");
  if (order != entries.end() && order->second != "little") {
    bad_checkpoint(where, "byteorder: expected 'little', found " + in_quotes(order->second));
  }
}

TorchContents read_archive(std::string_view file, const std::string& where) {
  const ZipEntries entries = read_zip(file, where);
  const std::string folder(folder_in(entries, where));
  check_byte_order(entries, folder, where);
  const std::string_view pickle = entries.find(folder + "/data.pkl")->second;
  if (pickle.size() > kMaxPickleBytes) {
    bad_checkpoint(where, "data.pkl: expected at most " + std::to_string(kMaxPickleBytes) + " bytes, found " +
                              std::to_string(pickle.size()));
  }
  TorchContents contents{pickled_tensors(read_pickle(pickle, torch_globals(), where), where), {}};
  const std::string data = folder + "/data/";
  for (const auto& [name, bytes] : entries) {
    if (name.starts_with(data)) contents.storages.emplace(name.substr(data.size()), bytes);
  }
  return contents;
}

/// Takes the pickles and the storages off the front of a file of the older form.
class LegacyReader {
 public:
  LegacyReader(std::string_view file, const std::string& where) : rest_(file), where_(where) {
    rest_.remove_prefix(kMagic.size());
  }

  TorchContents read() {
    check_protocol(next_pickle());
    check_system(next_pickle());
    TorchContents contents{pickled_tensors(next_pickle(), where_), {}};
    const Pickle keys = next_pickle();
    const auto shapes = elements_of(contents.tensors);
    if (keys.top().kind != PickleKind::list) bad_checkpoint(where_, "expected the list of its storages, found none");
    for (const PickleRef ref : keys.top().items) {
      const std::string_view key = keys.at(ref).text;
      const auto found = shapes.find(key);
      if (found == shapes.end()) bad_checkpoint(where_, "storage " + in_quotes(key) + " is one that no tensor has");
      const std::string_view bytes = next_storage(key, found->second);
      if (!contents.storages.emplace(key, bytes).second) bad_checkpoint(where_, "two storages " + in_quotes(key));
    }
    if (!rest_.empty()) bad_checkpoint(where_, std::to_string(rest_.size()) + " bytes after the last storage");
    return contents;
  }

 private:
  struct Elements {
    std::size_t count = 0, size = 0;
    bool operator==(const Elements&) const = default;
  };

  Pickle next_pickle() {
    Pickle pickle = read_pickle(rest_, torch_globals(), where_);
    rest_.remove_prefix(pickle.length);
    return pickle;
  }

  void check_protocol(const Pickle& pickle) const {
    if (pickle.top().integer == kLegacyProtocol) return;
    bad_checkpoint(where_,
                   "expected protocol version 1001 of torch.save, found " + std::to_string(pickle.top().integer));
  }

  void check_system(const Pickle& pickle) const {
    const std::vector<PickleRef>& items = pickle.top().items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (pickle.at(items[i]).text == "little_endian" && pickle.at(items[i + 1]).integer != 1) {
        bad_checkpoint(where_, "expected little-endian storages, found 'little_endian' false");
      }
    }
  }

  /// What each storage must hold: all its tensors must say the same.
  std::map<std::string_view, Elements> elements_of(const std::vector<PickledTensor>& tensors) const {
    std::map<std::string_view, Elements> all;
    for (const PickledTensor& tensor : tensors) {
      const Elements elements{tensor.storage_elements, size_of(tensor.dtype)};
      if (all.emplace(tensor.storage, elements).first->second == elements) continue;
      bad_checkpoint(where_, "tensor " + in_quotes(tensor.name, 200) + ": its storage has two types or sizes");
    }
    return all;
  }

  std::string_view next_storage(std::string_view key, const Elements& elements) {
    const std::string what = "storage " + in_quotes(key);
    if (rest_.size() < sizeof(std::uint64_t)) bad_checkpoint(where_, what + ": the file ends before it");
    const std::uint64_t count = number_at<sizeof(std::uint64_t)>(rest_, 0);
    rest_.remove_prefix(sizeof(std::uint64_t));
    if (count != elements.count) {
      bad_checkpoint(
          where_, what + ": expected " + std::to_string(elements.count) + " elements, found " + std::to_string(count));
    }
    if (count > rest_.size() / elements.size) bad_checkpoint(where_, what + " leaves the file");
    const std::string_view bytes = rest_.substr(0, count * elements.size);
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

  std::string_view rest_;
  const std::string& where_;
};

}  // namespace

TorchContents read_torch_contents(std::string_view file, const std::string& where) {
  if (file.starts_with("PK\x03\x04")) return read_archive(file, where);
  if (file.starts_with(kMagic)) return LegacyReader(file, where).read();
  refuse_git_lfs_pointer(file, where, "a file of torch.save");
  bad_checkpoint(where, "expected a file of torch.save (a zip archive, or pickles after their magic number), found " +
                            in_quotes(file.substr(0, 16)));
}

}  // namespace tastevin::checkpoint
