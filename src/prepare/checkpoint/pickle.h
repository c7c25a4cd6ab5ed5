#pragma once

// Python's pickle format as plain data. A pickle is a program for a stack machine that may import and call anything;
// here nothing is ever imported or called: a global is a name, which must be on the caller's list, and a call is a node
// of the tree with the name and the arguments. The opcodes are those of protocol 2 to 4 that containers, numbers and
// text need; any other is refused.
//
// Every opcode makes at most one value and the tree is an array of values that name each other by index, so memory
// grows with the bytes that were read (limited, and so are values, marks and references), and a value that holds itself
// harms nothing. Whoever walks the tree must not recurse without a limit. Texts point into the bytes.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::checkpoint {

/// The longest pickle that is read, and the most values that it may make: many times those of the largest models.
inline constexpr std::size_t kMaxPickleBytes = std::size_t{32} << 20U;
inline constexpr std::size_t kMaxPickleValues = std::size_t{1} << 20U;

enum class PickleKind : std::uint8_t {
  none,
  boolean,
  integer,
  real,
  text,
  list,
  tuple,
  dict,
  global,
  call,
  persistent
};

using PickleRef = std::uint32_t;  // an index into `Pickle::values`

struct PickleValue {
  PickleKind kind = PickleKind::none;
  std::int64_t integer = 0;      ///< of a boolean 0 or 1
  std::string_view text;         ///< of a global "module.name", one of the caller's list
  std::vector<PickleRef> items;  ///< of a dict key, value, key, ...; of a call the global and the tuple of arguments;
                                 ///< of a persistent object its id
};

struct Pickle {
  std::vector<PickleValue> values;
  PickleRef root = 0;
  std::size_t length = 0;  ///< bytes up to the one that ends it

  const PickleValue& at(PickleRef ref) const { return values.at(ref); }
  const PickleValue& top() const { return at(root); }
};

/// Reads the pickle that `bytes` begin with. `globals` are the names that it may speak of; `collections.OrderedDict`,
/// which needs no call, becomes a dict. Throws `Error{bad_checkpoint}` naming the byte, and the global that is not on
/// the list (`unsupported_model` when that is one of torch's own).
Pickle read_pickle(std::string_view bytes, std::span<const std::string_view> globals, const std::string& where);

std::string_view name_of(PickleKind kind);  ///< "dict"

}  // namespace tastevin::checkpoint
