#include "base/error.h"

#include <new>

#include "base/hex.h"
#include "base/utf8.h"

namespace tastevin {

std::string in_quotes(std::string_view text, std::size_t limit) {
  std::string out = "'";
  std::size_t at = 0;
  while (at < text.size()) {
    const auto [code_point, length, valid] = utf8::decode(text, at);
    if (at + length > limit) {
      out += "...";
      break;
    }
    const bool printable =
        valid && code_point >= 0x20 && code_point != 0x7F && (code_point < 0x80 || code_point > 0x9F);
    for (std::size_t i = at; i < at + length; ++i) {
      if (printable) {
        out += text[i];
      } else {
        out.append("\\x").append(hex::of(static_cast<unsigned char>(text[i])));
      }
    }
    at += length;
  }
  return out + "'";
}

Error error_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::overloaded, "out of memory"};
  } catch (const std::exception& error) {
    return {ErrorCode::internal, error.what()};
  } catch (...) {
    return {ErrorCode::internal, "a fault without a name"};
  }
}

std::string list_in_quotes(std::span<const std::string> texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + in_quotes(text);
  return list;
}

}  // namespace tastevin
