// The standard containers and algorithms at work on one small text.
#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

static std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) words.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

static std::optional<std::string> longest(const std::vector<std::string> &words) {
  auto found = std::max_element(words.begin(), words.end(), [](auto &a, auto &b) {
    return a.size() < b.size();
  });
  if (found == words.end()) return std::nullopt;
  return *found;
}

int main() {
  auto words = split("the quick brown fox jumps over the lazy dog and the cat runs over the hill");
  std::map<std::string, int> counts;
  for (auto &word : words) counts[word]++;
  for (auto &[word, count] : counts)
    if (count > 1) std::printf("%s %d\n", word.c_str(), count);
  std::printf("longest %s, of nothing %d\n", longest(words)->c_str(), longest({}).has_value());

  std::sort(words.begin(), words.end(), std::greater<>());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::printf("%zu words, first %s\n", words.size(), words.front().c_str());

  std::unordered_map<int, std::unique_ptr<std::string>> owned;
  for (int i = 0; i < 1000; i++) owned[i * 7919 % 1009] = std::make_unique<std::string>(i, 'x');
  std::size_t total = 0;
  for (auto &entry : owned) total += entry.second->size();
  std::printf("owned %zu, total %zu\n", owned.size(), total);

  std::deque<int> queue;
  for (int i = 0; i < 100; i++) i % 3 ? queue.push_back(i) : queue.push_front(i);
  std::printf("front %d back %d sum %d\n", queue.front(), queue.back(),
              std::accumulate(queue.begin(), queue.end(), 0));

  std::set<std::variant<int, std::string>> mixed{3, "three", 1, "one", 3};
  for (auto &value : mixed)
    std::visit(
      [](auto &held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, int>)
          std::printf("int %d\n", held);
        else
          std::printf("string %s\n", held.c_str());
      },
      value);

  std::array<std::function<double(double)>, 3> steps{
    [](double x) { return x + 1; }, [](double x) { return x * x; },
    [scale = 0.5](double x) { return x * scale; }};
  double value = 3;
  for (auto &step : steps) value = step(value);
  std::printf("through closures %g\n", value);
  return 0;
}
