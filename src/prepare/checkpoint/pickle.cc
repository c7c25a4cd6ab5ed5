#include "prepare/checkpoint/pickle.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/little_endian.h"

namespace tastevin::checkpoint {
namespace {

constexpr std::string_view kOrderedDict = "collections.OrderedDict";

class Machine {
 public:
  Machine(std::string_view bytes, std::span<const std::string_view> globals, const std::string& where)
      : bytes_(bytes.substr(0, kMaxPickleBytes)), globals_(globals), where_(where) {}

  Pickle run() {
    while (step()) {
    }
    pickle_.root = pop();
    pickle_.length = at_;
    return std::move(pickle_);
  }

 private:
  struct Opcode {
    unsigned char code;
    void (Machine::*run)();
  };
  static const std::array<Opcode, 37> kOpcodes;

  /// False at the end of the pickle.
  bool step() {
    const auto code = static_cast<unsigned char>(take(1).front());
    if (code == '.') return false;
    const auto* const found = std::ranges::find(kOpcodes, code, &Opcode::code);
    if (found == kOpcodes.end()) fail("opcode " + std::to_string(code) + " is none that tensors need");
    (this->*found->run)();
    // Marks, values that are kept and values that are put back on the stack cost memory, and make none of their own.
    if (stack_.size() + marks_.size() + memo_.size() > 3 * kMaxPickleValues)
      fail("more than " + std::to_string(3 * kMaxPickleValues) + " marks and references");
    return true;
  }

  [[noreturn]] void fail(const std::string& what) const {
    bad_checkpoint(where_, "pickle, byte " + std::to_string(at_) + ": " + what);
  }

  // Bytes.

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) {
      fail("expected " + std::to_string(size) + " bytes more, found " + std::to_string(bytes_.size() - at_) +
           (bytes_.size() == kMaxPickleBytes ? " before the limit" : " before the end"));
    }
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }

  template <std::size_t Size>
  std::uint64_t number() {
    return number_at<Size>(take(Size), 0);
  }

  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) fail("a line without an end");
    const std::string_view line = take(end - at_);
    take(1);
    return line;
  }

  // The stack.

  void push(PickleValue value) {
    if (pickle_.values.size() >= kMaxPickleValues) fail("more than " + std::to_string(kMaxPickleValues) + " values");
    stack_.push_back(static_cast<PickleRef>(pickle_.values.size()));
    pickle_.values.push_back(std::move(value));
  }

  PickleRef top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("expected a value on the stack, found none");
    return stack_.back();
  }

  PickleRef pop() {
    const PickleRef ref = top();
    stack_.pop_back();
    return ref;
  }

  std::vector<PickleRef> pop_to_mark() {
    if (marks_.empty()) fail("expected a mark on the stack, found none");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleRef> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  PickleValue& expect(PickleRef ref, PickleKind kind) {
    PickleValue& value = pickle_.values.at(ref);
    if (value.kind != kind) {
      fail("expected a " + std::string(name_of(kind)) + ", found a " + std::string(name_of(value.kind)));
    }
    return value;
  }

  // Opcodes.

  void protocol() {
    const std::uint64_t protocol = number<1>();
    if (protocol < 2 || protocol > 4) fail("expected protocol 2 to 4, found " + std::to_string(protocol));
  }

  void frame() { number<8>(); }  // says how much to read ahead; all is here
  void mark() { marks_.push_back(stack_.size()); }
  void none() { push({}); }
  void push_true() { push({PickleKind::boolean, 1, {}, {}}); }
  void push_false() { push({PickleKind::boolean, 0, {}, {}}); }

  void real() {
    take(8);
    push({PickleKind::real, 0, {}, {}});
  }

  template <std::size_t Size>
  void integer() {
    push({PickleKind::integer, static_cast<std::int64_t>(number<Size>()), {}, {}});
  }

  void signed_integer() { push({PickleKind::integer, static_cast<std::int32_t>(number<4>()), {}, {}}); }

  void long_integer() {
    const std::string_view digits = take(number<1>());
    if (digits.size() > sizeof(std::int64_t)) fail("an integer of more than 64 bits");
    std::uint64_t value = !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80U) != 0 ? UINT64_MAX : 0;
    std::memcpy(&value, digits.data(), digits.size());
    push({PickleKind::integer, static_cast<std::int64_t>(value), {}, {}});
  }

  template <std::size_t Size>
  void text() {
    push({PickleKind::text, 0, take(number<Size>()), {}});
  }

  template <PickleKind Kind>
  void empty() {
    push({Kind, 0, {}, {}});
  }

  template <std::size_t Size>
  void tuple_of() {
    std::vector<PickleRef> items(Size);
    for (std::size_t i = Size; i-- > 0;) items[i] = pop();
    push({PickleKind::tuple, 0, {}, std::move(items)});
  }

  void tuple() { push({PickleKind::tuple, 0, {}, pop_to_mark()}); }

  void append() {
    const PickleRef item = pop();
    expect(top(), PickleKind::list).items.push_back(item);
  }

  void appends() { extend(PickleKind::list, pop_to_mark()); }

  void set_item() {
    const PickleRef value = pop();
    const PickleRef key = pop();
    extend(PickleKind::dict, {key, value});
  }

  void set_items() {
    const std::vector<PickleRef> items = pop_to_mark();
    if (items.size() % 2 != 0) fail("a key without a value");
    extend(PickleKind::dict, items);
  }

  void extend(PickleKind kind, const std::vector<PickleRef>& items) {
    PickleValue& container = expect(top(), kind);
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  template <std::size_t Size>
  void put() {
    const PickleRef ref = top();
    memo_[number<Size>()] = ref;
  }

  void memoize() {
    const PickleRef ref = top();
    memo_[memo_.size()] = ref;
  }

  template <std::size_t Size>
  void get() {
    const auto found = memo_.find(number<Size>());
    if (found == memo_.end()) fail("a reference to a value that was not kept");
    stack_.push_back(found->second);
  }

  void global() {
    const std::string_view module = line();
    push_global(module, line());
  }

  void stack_global() {
    const std::string_view name = expect(pop(), PickleKind::text).text;
    push_global(expect(pop(), PickleKind::text).text, name);
  }

  void push_global(std::string_view module, std::string_view name) {
    const std::string whole = std::string(module) + "." + std::string(name);
    const auto found = std::ranges::find(globals_, whole);
    if (found == globals_.end()) {
      throw Error(module.starts_with("torch") ? ErrorCode::unsupported_model : ErrorCode::bad_checkpoint,
                  where_ + ": pickle, byte " + std::to_string(at_) + ": the global " + in_quotes(whole, 200) +
                      " is none that tensors are read by; nothing of the file was run");
    }
    push({PickleKind::global, 0, *found, {}});
  }

  void reduce() {
    const PickleRef arguments = pop();
    const PickleRef callable = pop();
    const bool none = expect(arguments, PickleKind::tuple).items.empty();
    if (expect(callable, PickleKind::global).text != kOrderedDict) {
      push({PickleKind::call, 0, {}, {callable, arguments}});
    } else if (none) {
      push({PickleKind::dict, 0, {}, {}});
    } else {
      fail("an OrderedDict with arguments");
    }
  }

  /// The attributes of a dict (`_metadata` of a state dict) say nothing that we use.
  void build() {
    pop();
    expect(top(), PickleKind::dict);
  }

  void persistent() {
    const PickleRef id = pop();
    push({PickleKind::persistent, 0, {}, {id}});
  }

  std::string_view bytes_;
  std::span<const std::string_view> globals_;
  const std::string& where_;
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<PickleRef> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleRef> memo_;
};

// Names in the comments are those of Python's pickletools.
constexpr std::array<Machine::Opcode, 37> Machine::kOpcodes{{
    {0x80, &Machine::protocol},                 // PROTO
    {0x95, &Machine::frame},                    // FRAME
    {'(', &Machine::mark},                      // MARK
    {'N', &Machine::none},                      // NONE
    {0x88, &Machine::push_true},                // NEWTRUE
    {0x89, &Machine::push_false},               // NEWFALSE
    {'G', &Machine::real},                      // BINFLOAT
    {'K', &Machine::integer<1>},                // BININT1
    {'M', &Machine::integer<2>},                // BININT2
    {'J', &Machine::signed_integer},            // BININT
    {0x8a, &Machine::long_integer},             // LONG1
    {'U', &Machine::text<1>},                   // SHORT_BINSTRING
    {'T', &Machine::text<4>},                   // BINSTRING
    {0x8c, &Machine::text<1>},                  // SHORT_BINUNICODE
    {'X', &Machine::text<4>},                   // BINUNICODE
    {0x8d, &Machine::text<8>},                  // BINUNICODE8
    {']', &Machine::empty<PickleKind::list>},   // EMPTY_LIST
    {'}', &Machine::empty<PickleKind::dict>},   // EMPTY_DICT
    {')', &Machine::empty<PickleKind::tuple>},  // EMPTY_TUPLE
    {0x85, &Machine::tuple_of<1>},              // TUPLE1
    {0x86, &Machine::tuple_of<2>},              // TUPLE2
    {0x87, &Machine::tuple_of<3>},              // TUPLE3
    {'t', &Machine::tuple},                     // TUPLE
    {'a', &Machine::append},                    // APPEND
    {'e', &Machine::appends},                   // APPENDS
    {'s', &Machine::set_item},                  // SETITEM
    {'u', &Machine::set_items},                 // SETITEMS
    {'q', &Machine::put<1>},                    // BINPUT
    {'r', &Machine::put<4>},                    // LONG_BINPUT
    {0x94, &Machine::memoize},                  // MEMOIZE
    {'h', &Machine::get<1>},                    // BINGET
    {'j', &Machine::get<4>},                    // LONG_BINGET
    {'c', &Machine::global},                    // GLOBAL
    {0x93, &Machine::stack_global},             // STACK_GLOBAL
    {'R', &Machine::reduce},                    // REDUCE
    {'b', &Machine::build},                     // BUILD
    {'Q', &Machine::persistent},                // BINPERSID
}};

}  // namespace

Pickle read_pickle(std::string_view bytes, std::span<const std::string_view> globals, const std::string& where) {
  return Machine(bytes, globals, where).run();
}

std::string_view name_of(PickleKind kind) {
  constexpr std::array<std::string_view, 11> kNames{
      "none", "boolean", "integer", "real", "text", "list", "tuple", "dict", "global", "call", "persistent object"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace tastevin::checkpoint
