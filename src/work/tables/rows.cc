#include "work/tables/rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tastevin::tables {
namespace {

/// One of the two may have no value where the other has one for each row.
void append(Column& column, std::size_t count, Column&& more, std::size_t more_count) {
  if (column.empty() && more.empty()) return;
  column.resize(count);
  more.resize(more_count);
  column.insert(column.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void append(Flags& flags, std::size_t count, const Flags& more, std::size_t more_count) {
  if (flags.empty() && more.empty()) return;
  flags.resize(count);
  flags.insert(flags.end(), more.begin(), more.end());
  flags.resize(count + more_count);
}

/// Of each column.
void append(std::vector<Flags>& flags, std::size_t count, std::vector<Flags> more, std::size_t more_count) {
  const std::size_t columns = std::max(flags.size(), more.size());
  flags.resize(columns);
  more.resize(columns);
  for (std::size_t i = 0; i < columns; ++i) append(flags[i], count, more[i], more_count);
}

Flags take(Flags& flags, std::size_t count) {
  const auto end = flags.begin() + static_cast<std::ptrdiff_t>(std::min(count, flags.size()));
  Flags first(flags.begin(), end);
  flags.erase(flags.begin(), end);
  return first;
}

Column take(Column& column, std::size_t count) {
  const auto end = column.begin() + static_cast<std::ptrdiff_t>(std::min(count, column.size()));
  Column first(std::make_move_iterator(column.begin()), std::make_move_iterator(end));
  column.erase(column.begin(), end);
  return first;
}

std::vector<TypedSlice> take(std::vector<TypedSlice>& slices, std::size_t count) {
  std::vector<TypedSlice> first;
  auto next = slices.begin();
  for (; next != slices.end() && count > 0; ++next) {
    const std::size_t some = std::min(count, next->count);
    first.push_back({next->rows, next->begin, some});
    count -= some;
    if (some == next->count) continue;
    next->begin += some;
    next->count -= some;
    break;
  }
  slices.erase(slices.begin(), next);
  return first;
}

}  // namespace

void append(Rows& rows, Rows more) {
  const std::size_t count = rows.count();
  const std::size_t more_count = more.count();
  rows.columns.resize(more.columns.size());
  append(rows.errors, count, std::move(more.errors), more_count);
  append(rows.texts, count, std::move(more.texts), more_count);
  append(rows.missing, count, std::move(more.missing), more_count);
  append(rows.json, count, std::move(more.json), more_count);
  for (std::size_t i = 0; i < more.columns.size(); ++i)
    append(rows.columns[i], count, std::move(more.columns[i]), more_count);
  std::ranges::move(more.typed, std::back_inserter(rows.typed));
}

Rows take(Rows& rows, std::size_t count) {
  Rows first;
  first.columns.reserve(rows.columns.size());
  for (Column& column : rows.columns) first.columns.push_back(take(column, count));
  for (Flags& flags : rows.missing) first.missing.push_back(take(flags, count));
  for (Flags& flags : rows.json) first.json.push_back(take(flags, count));
  first.errors = take(rows.errors, count);
  first.texts = take(rows.texts, count);
  first.typed = take(rows.typed, count);
  return first;
}

}  // namespace tastevin::tables
