/// A reader of PTX that knows no more than the heads of kernels.
#include "ptx.h"

#include <cctype>
#include <cstdlib>

#include "driver_types.h"

namespace emulator {

namespace {

/// By a driver of CUDA 12.6, for a device of compute capability 7.5.
constexpr int NEWEST_VERSION = 85;
constexpr int CAPABILITY = 75;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '.'; }

/// Splits into names, numbers, directives and single marks; leaves out comments.
std::vector<std::string> tokens(const char* text) {
    std::vector<std::string> result;
    for (const char* at = text; *at != 0;) {
        if (std::isspace(static_cast<unsigned char>(*at))) {
            at++;
        } else if (at[0] == '/' && at[1] == '/') {
            while (*at != 0 && *at != '\n') at++;
        } else if (at[0] == '/' && at[1] == '*') {
            const char* end = std::strstr(at + 2, "*/");
            if (end == nullptr) break;
            at = end + 2;
        } else if (is_name(*at)) {
            const char* start = at;
            while (is_name(*at)) at++;
            result.emplace_back(start, at);
        } else {
            result.emplace_back(1, *at++);
        }
    }
    return result;
}

/// The bytes of ".u64", ".f32", ".b8"; 0 if the token is no type.
size_t type_bytes(const std::string& token) {
    if (token.size() < 3 || token[0] != '.' || std::string("usfb").find(token[1]) == std::string::npos) return 0;
    char* end;
    long bits = std::strtol(token.c_str() + 2, &end, 10);
    return *end == 0 && bits > 0 ? static_cast<size_t>(bits) / 8 : 0;
}

/// Reads the parameters behind "(", moves to behind ")". The type is the first of a parameter's tokens that is one;
/// a number in brackets is the length of an array.
std::vector<size_t> parameter_sizes(const std::vector<std::string>& token, size_t& at) {
    std::vector<size_t> sizes;
    size_t bytes = 0;
    for (; at < token.size(); at++) {
        if (token[at] == "," || token[at] == ")") {
            if (bytes > 0) sizes.push_back(bytes);
            bytes = 0;
            if (token[at] == ")") break;
        } else if (token[at] == "[" && at + 1 < token.size()) {
            bytes *= std::strtoul(token[at + 1].c_str(), nullptr, 10);
        } else if (bytes == 0) {
            bytes = type_bytes(token[at]);
        }
    }
    return sizes;
}

} // namespace

Ptx read_ptx(const char* text) {
    auto token = tokens(text);
    Ptx ptx{SUCCESS, {}};
    if (token.size() < 4 || token[0] != ".version" || token[2] != ".target") return {INVALID_IMAGE, {}};
    char* minor;
    int version = 10 * static_cast<int>(std::strtol(token[1].c_str(), &minor, 10));
    version += *minor == '.' ? std::atoi(minor + 1) : 0;
    if (version > NEWEST_VERSION) return {UNSUPPORTED_PTX_VERSION, {}};
    if (token[3].rfind("sm_", 0) != 0) return {INVALID_PTX, {}};
    if (std::atoi(token[3].c_str() + 3) > CAPABILITY) return {NO_BINARY_FOR_GPU, {}};
    for (size_t at = 4; at < token.size(); at++) {
        if (token[at] != ".entry" || at + 2 >= token.size()) continue;
        Entry entry{token[++at], {}, 1024};
        if (token[++at] == "(") entry.bytes = parameter_sizes(token, ++at);
        for (at++; at < token.size() && token[at] != "{"; at++) {
            if (token[at] == ".maxntid") entry.most_threads = 1;
            if (entry.most_threads < 1024 || token[at] == ".maxntid") {
                unsigned long number = std::strtoul(token[at].c_str(), nullptr, 10);
                if (number > 0) entry.most_threads *= static_cast<unsigned>(number);
            }
        }
        ptx.entries.push_back(entry);
    }
    return ptx;
}

} // namespace emulator
