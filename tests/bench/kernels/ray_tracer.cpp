// ray_tracer.cpp - renders spheres on a plane; threads take tiles of the picture.
//
// Small structs passed by value and by reference, short methods, a little recursion.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>

#include "kernel.h"

namespace {

struct Vector {
  double x = 0;
  double y = 0;
  double z = 0;

  Vector operator+(const Vector& o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vector operator-(const Vector& o) const { return {x - o.x, y - o.y, z - o.z}; }
  Vector operator*(double factor) const { return {x * factor, y * factor, z * factor}; }
  Vector operator*(const Vector& o) const { return {x * o.x, y * o.y, z * o.z}; }
  Vector& operator+=(const Vector& o) { return *this = *this + o; }
  double dot(const Vector& o) const { return x * o.x + y * o.y + z * o.z; }
  Vector normalized() const { return *this * (1.0 / std::sqrt(dot(*this))); }
};

struct Ray {
  Vector origin;
  Vector direction;  // of length 1
};

struct Material {
  Vector color;
  double reflection = 0;
};

struct Hit {
  double distance = 0;
  Vector point;
  Vector normal;
  const Material* material = nullptr;
};

class Sphere {
 public:
  Sphere(Vector center, double radius, Material material)
      : center_(center), radius_(radius), material_(material) {}

  std::optional<Hit> intersect(const Ray& ray, double limit) const {
    const Vector to_origin = ray.origin - center_;
    const double b = to_origin.dot(ray.direction);
    const double discriminant = b * b - to_origin.dot(to_origin) + radius_ * radius_;
    if (discriminant < 0) return std::nullopt;
    const double distance = -b - std::sqrt(discriminant);
    if (distance < 1e-6 || distance >= limit) return std::nullopt;
    Hit hit{distance, ray.origin + ray.direction * distance, {}, &material_};
    hit.normal = (hit.point - center_) * (1.0 / radius_);
    return hit;
  }

 private:
  Vector center_;
  double radius_;
  Material material_;
};

class Scene {
 public:
  explicit Scene(int spheres) {
    kernel::Random random(11);
    for (int i = 0; i < spheres; ++i) {
      const double radius = 0.2 + 0.6 * random.unit();
      const Vector center{8 * random.unit() - 4, radius, 2 + 8 * random.unit()};
      const Vector color{random.unit(), random.unit(), random.unit()};
      spheres_.emplace_back(center, radius, Material{color, 0.5 * random.unit()});
    }
  }

  Vector trace(const Ray& ray, int depth) const {
    const std::optional<Hit> hit = closest(ray);
    if (!hit) return sky(ray);
    Vector color = shade(*hit);
    if (hit->material->reflection > 0 && depth > 0) {
      const Vector direction = ray.direction - hit->normal * (2 * ray.direction.dot(hit->normal));
      const Ray reflected{hit->point + hit->normal * 1e-6, direction};
      color = color * (1 - hit->material->reflection) +
              trace(reflected, depth - 1) * hit->material->reflection;
    }
    return color;
  }

 private:
  static Vector sky(const Ray& ray) {
    return Vector{0.5, 0.7, 1.0} * (0.5 + 0.5 * std::abs(ray.direction.y));
  }

  std::optional<Hit> closest(const Ray& ray) const {
    std::optional<Hit> best = ground(ray);
    for (const Sphere& sphere : spheres_) {
      const double limit = best ? best->distance : 1e9;
      if (std::optional<Hit> hit = sphere.intersect(ray, limit)) best = hit;
    }
    return best;
  }

  std::optional<Hit> ground(const Ray& ray) const {
    if (ray.direction.y > -1e-6) return std::nullopt;
    const double distance = -ray.origin.y / ray.direction.y;
    if (distance < 1e-6) return std::nullopt;
    const Vector point = ray.origin + ray.direction * distance;
    const bool dark =
        (static_cast<long>(std::floor(point.x)) ^ static_cast<long>(std::floor(point.z))) & 1;
    return Hit{distance, point, {0, 1, 0}, dark ? &dark_ : &light_};
  }

  Vector shade(const Hit& hit) const {
    const Vector to_light = (light_position_ - hit.point).normalized();
    const double facing = hit.normal.dot(to_light);
    double brightness = 0.15;
    if (facing > 0 && !inShadow(Ray{hit.point + hit.normal * 1e-6, to_light})) {
      brightness += 0.85 * facing;
    }
    return hit.material->color * brightness;
  }

  bool inShadow(const Ray& ray) const {
    return std::any_of(spheres_.begin(), spheres_.end(), [&](const Sphere& sphere) {
      return sphere.intersect(ray, 1e9).has_value();
    });
  }

  std::vector<Sphere> spheres_;
  Material dark_{{0.1, 0.1, 0.1}, 0.1};
  Material light_{{0.9, 0.9, 0.9}, 0.1};
  Vector light_position_{-5, 10, -3};
};

class Picture {
 public:
  Picture(int width, int height)
      : width_(width), height_(height), pixels_(static_cast<std::size_t>(width * height)) {}

  static constexpr int kTile = 16;
  int tiles() const { return tilesAcross() * ((height_ + kTile - 1) / kTile); }

  void renderTile(const Scene& scene, int tile) {
    const int left = tile % tilesAcross() * kTile;
    const int top = tile / tilesAcross() * kTile;
    for (int y = top; y < std::min(top + kTile, height_); ++y) {
      for (int x = left; x < std::min(left + kTile, width_); ++x) pixel(x, y) = render(scene, x, y);
    }
  }

  const Vector& at(int x, int y) const { return pixels_[static_cast<std::size_t>(y * width_ + x)]; }

 private:
  int tilesAcross() const { return (width_ + kTile - 1) / kTile; }
  Vector& pixel(int x, int y) { return pixels_[static_cast<std::size_t>(y * width_ + x)]; }

  Vector render(const Scene& scene, int x, int y) const {
    constexpr int kSamples = 2;
    Vector sum;
    for (int i = 0; i < kSamples; ++i) {
      const double u = (x + (i + 0.5) / kSamples) / width_ - 0.5;
      const double v = 0.5 - (y + (i + 0.5) / kSamples) / height_;
      const Vector direction{u * 2, v * 1.5, 1.5};
      sum += scene.trace({{0, 1.5, -4}, direction.normalized()}, 4);
    }
    return sum * (1.0 / kSamples);
  }

  int width_;
  int height_;
  std::vector<Vector> pixels_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 900);
  const int width = static_cast<int>(size);
  const int height = width * 3 / 4;

  const Scene scene(60);
  Picture picture(width, height);
  std::atomic<int> next_tile{0};
  kernel::runThreads(threads, [&](int) {
    for (int tile; (tile = next_tile.fetch_add(1, std::memory_order_relaxed)) < picture.tiles();) {
      picture.renderTile(scene, tile);
    }
  });

  kernel::Checksum checksum;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Vector& color = picture.at(x, y);
      for (const double part : {color.x, color.y, color.z}) {
        kernel::require(part >= 0 && part <= 1.01, "colour of a pixel");
        checksum.add(static_cast<std::uint64_t>(part * 255));
      }
    }
  }
  return kernel::finish("ray_tracer", checksum);
}
