#include "aws/content_encoding.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

#include "aws/json/reader.h"
#include "base/check.h"

// g++ 12 warns of overlapping copies in std::string where there are none (GCC bug 105329).
#pragma GCC diagnostic ignored "-Wrestrict"

namespace millstream::aws {

namespace {

constexpr int kGzip = 16 + MAX_WBITS;
constexpr int kZlib = MAX_WBITS;
constexpr int kBareDeflate = -MAX_WBITS;

Error too_large() {
  return {"RequestEntityTooLargeException", 413, "The unpacked request is too large."};
}

// zlib's state, freed on every way out.
class Inflater {
 public:
  explicit Inflater(int window_bits) { CHECK(inflateInit2(&stream_, window_bits) == Z_OK); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<std::string> run(std::string_view body, size_t bytes_max) {
    std::string out;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream_.avail_in = static_cast<uInt>(body.size());
    int status = Z_OK;
    while (status == Z_OK) {
      const size_t before = out.size();
      if (before > bytes_max) return too_large();
      out.resize(before + std::max<size_t>(before, 16u << 10));
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream_.avail_out = static_cast<uInt>(out.size() - before);
      status = inflate(&stream_, Z_NO_FLUSH);
      out.resize(out.size() - stream_.avail_out);
    }
    if (status != Z_STREAM_END) return serialization_error("The body isn't validly compressed.");
    if (out.size() > bytes_max) return too_large();
    out.reserve(out.size() + kJsonPadding);
    return out;
  }

 private:
  z_stream stream_ = {};
};

}  // namespace

Result<std::string> decode_content(std::string_view encoding, std::string_view body,
                                   size_t bytes_max) {
  if (encoding == "gzip") return Inflater(kGzip).run(body, bytes_max);
  if (encoding == "deflate") {
    Result<std::string> zlib = Inflater(kZlib).run(body, bytes_max);
    if (zlib || zlib.error().http_status != 400) return zlib;
    return Inflater(kBareDeflate).run(body, bytes_max);
  }
  std::string message = "This content encoding isn't supported: ";
  return Error("UnsupportedMediaTypeException", 415, std::move(message.append(encoding)));
}

}  // namespace millstream::aws
