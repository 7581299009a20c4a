// Static construction and destruction order, virtual calls, multiple and virtual inheritance.
#include <cstdio>
#include <memory>
#include <vector>

struct Noisy {
  const char *name;
  explicit Noisy(const char *name) : name(name) { std::printf("make %s\n", name); }
  ~Noisy() { std::printf("drop %s\n", name); }
};

static Noisy global("global");

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  virtual const char *name() const { return "shape"; }
};

struct Named : virtual Shape {
  int tag = 5;
};

struct Rectangle : Named {
  double width, height;
  Rectangle(double width, double height) : width(width), height(height) {}
  double area() const override { return width * height; }
  const char *name() const override { return "rectangle"; }
};

struct Counted {
  static inline int alive = 0;
  Counted() { alive++; }
  virtual ~Counted() { alive--; }
};

struct Circle : Named, Counted {
  double radius;
  explicit Circle(double radius) : radius(radius) {}
  double area() const override { return 3 * radius * radius; }
};

static Noisy &lazy() {
  static Noisy once("once");
  return once;
}

int main() {
  Noisy local("local");
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 1; i <= 3; i++) {
    shapes.push_back(std::make_unique<Rectangle>(i, i + 0.5));
    shapes.push_back(std::make_unique<Circle>(i));
  }
  double total = 0;
  for (auto &shape : shapes) total += shape->area();
  std::printf("total %g, %s and %s, alive %d\n", total, shapes[0]->name(), shapes[1]->name(),
              Counted::alive);
  shapes.clear();
  std::printf("alive %d\n", Counted::alive);
  lazy();
  std::printf("%s\n", lazy().name);
  return 0;
}
