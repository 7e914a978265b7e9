#include "services/dynamodb/model/token.h"

#include <algorithm>
#include <array>

namespace millstream::dynamodb {
namespace {

constexpr std::array<std::string_view, 9> kKeywords = {"AND", "OR",     "NOT", "BETWEEN", "IN",
                                                       "SET", "REMOVE", "ADD", "DELETE"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

bool equals_ignoring_case(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(), [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
  });
}

// Where the run of characters that fulfil `accepts` ends.
template <class Predicate>
size_t run_end(std::string_view text, size_t at, Predicate accepts) {
  while (at < text.size() && accepts(text[at])) ++at;
  return at;
}

// The whole UTF-8 sequence, so that an error message stays valid text.
size_t character_end(std::string_view text, size_t at) {
  return run_end(text, at + 1,
                 [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; });
}

Token token_at(std::string_view text, size_t start) {
  const char first = text[start];
  const char second = start + 1 < text.size() ? text[start + 1] : '\0';
  TokenKind kind = TokenKind::kBad;
  size_t end = start + 1;
  if (is_letter(first)) {
    end = run_end(text, start, is_word);
    const auto word = text.substr(start, end - start);
    const bool keyword = std::any_of(kKeywords.begin(), kKeywords.end(),
                                     [&](auto known) { return equals_ignoring_case(word, known); });
    kind = keyword ? TokenKind::kKeyword : TokenKind::kName;
  } else if (first == '#' || first == ':') {
    end = run_end(text, start + 1, is_word);
    if (end > start + 1) {
      kind = first == '#' ? TokenKind::kNamePlaceholder : TokenKind::kValuePlaceholder;
    }
  } else if (is_digit(first)) {
    if (first != '0') end = run_end(text, start, is_digit);
    kind = TokenKind::kInteger;
  } else if (first == '<' || first == '>' || first == '=') {
    if (first == '<' && (second == '>' || second == '=')) ++end;
    if (first == '>' && second == '=') ++end;
    kind = TokenKind::kComparator;
  } else if (std::string_view("()[],.+-").find(first) != std::string_view::npos) {
    kind = TokenKind::kPunctuation;
  } else {
    end = character_end(text, start);
  }
  return {kind, text.substr(start, end - start), start, end};
}

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  size_t at = 0;
  while (true) {
    at = run_end(expression, at, is_space);
    if (at == expression.size()) break;
    tokens.push_back(token_at(expression, at));
    at = tokens.back().end;
  }
  tokens.push_back({TokenKind::kEnd, "<EOF>", expression.size(), expression.size()});
  return tokens;
}

bool is_keyword(const Token& token, std::string_view keyword) {
  return token.kind == TokenKind::kKeyword && equals_ignoring_case(token.text, keyword);
}

}  // namespace millstream::dynamodb
