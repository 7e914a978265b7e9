#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace millstream::dynamodb {

enum class TokenKind : uint8_t {
  kName,              // abc_1
  kNamePlaceholder,   // #abc
  kValuePlaceholder,  // :abc
  kInteger,
  kComparator,   // = <> < <= > >=
  kPunctuation,  // ( ) [ ] , . + -
  kKeyword,      // AND OR NOT BETWEEN IN SET REMOVE ADD DELETE, in either case
  kBad,          // a character that no token begins with
  kEnd,
};

// A piece of an expression; `text` lies in the expression ("<EOF>" at its end).
struct Token {
  TokenKind kind;
  std::string_view text;
  size_t start;
  size_t end;
};

// Cuts an expression of any kind into tokens; the last one is always kEnd. Never fails: what isn't
// a token becomes kBad, which no rule of the grammar accepts.
std::vector<Token> tokenize(std::string_view expression);

// Whether the token is this keyword (given in upper case).
bool is_keyword(const Token& token, std::string_view keyword);

}  // namespace millstream::dynamodb
