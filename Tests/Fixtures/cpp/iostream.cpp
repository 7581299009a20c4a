// Streams: formatted output, string streams, and reading numbers from standard input.
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

int main() {
  std::cout << "hello from C++ " << 42 << ' ' << 2.5 << ' ' << std::boolalpha << true << std::endl;
  std::cout << std::fixed << std::setprecision(3) << 3.14159265 << std::setw(10) << 2.0 << '\n';
  std::cout << std::hex << std::showbase << 48879 << std::dec << '\n';
  std::ostringstream line;
  line << "x=" << 1 << ";y=" << -2.25;
  std::cout << line.str() << '\n';
  std::istringstream fields("alpha 12 0.5");
  std::string word;
  int whole = 0;
  double part = 0;
  fields >> word >> whole >> part;
  std::cout << word << ' ' << whole + part << '\n';
  long sum = 0;
  for (long number; std::cin >> number;) sum += number;
  std::cout << "sum of input " << sum << '\n';
  std::cerr << "to stderr" << std::endl;
  return 0;
}
