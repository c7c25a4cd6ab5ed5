#pragma once

// The structs of the Arrow C data and C stream interface, as the format's specification lays them out
// (arrow.apache.org/docs/format/CDataInterface.html), and owners for what they hold.

#include <cstdint>
#include <utility>

namespace tastevin::python {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

/// Releases what it holds. Moving a struct out of where its producer put it is what the format calls "move".
template <class Struct>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Struct* source) : held_(*source) { source->release = nullptr; }
  Owned(Owned&& other) noexcept : held_(other.held_) { other.held_.release = nullptr; }
  Owned& operator=(Owned&& other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~Owned() {
    if (held_.release != nullptr) held_.release(&held_);
  }

  Struct* get() { return &held_; }
  const Struct& operator*() const { return held_; }
  const Struct* operator->() const { return &held_; }
  explicit operator bool() const { return held_.release != nullptr; }

 private:
  Struct held_{};
};

}  // namespace tastevin::python
