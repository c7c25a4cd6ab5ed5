#include "work/tables/typed_part.h"

#include "work/tables/arrow_module.h"

namespace tastevin::tables {

std::string typed_part(const TypedPart& part, Form form) {
  static EncodePart* const encode = arrow_module<EncodePart>(kEncodePart);
  std::string bytes;
  encode(part, form, bytes);
  return bytes;
}

void join_typed_parts(const std::vector<std::filesystem::path>& parts, Format format,
                      const std::filesystem::path& file) {
  static JoinParts* const join = arrow_module<JoinParts>(kJoinParts);
  join(parts, format, file);
}

}  // namespace tastevin::tables
