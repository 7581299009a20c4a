"""Five bodies that attract each other, in plain floating-point arithmetic on objects. Prints the
energy before and after, scaled to an integer.
"""


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def bodies():
    result = [Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0)]
    for i in range(1, 5):
        radius = 3.0 * i
        speed = (40.0 / radius) ** 0.5
        result.append(Body(radius, 0.1 * i, 0.05 * i, 0.0, speed, 0.01 * i, 0.002 * i))
    return result


def advance(system, step):
    for i, first in enumerate(system):
        for j in range(i + 1, len(system)):
            second = system[j]
            dx = first.x - second.x
            dy = first.y - second.y
            dz = first.z - second.z
            square = dx * dx + dy * dy + dz * dz
            pull = step / (square * square ** 0.5)
            first.vx -= dx * second.mass * pull
            first.vy -= dy * second.mass * pull
            first.vz -= dz * second.mass * pull
            second.vx += dx * first.mass * pull
            second.vy += dy * first.mass * pull
            second.vz += dz * first.mass * pull
    for body in system:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def energy(system):
    total = 0.0
    for i, first in enumerate(system):
        total += 0.5 * first.mass * (first.vx ** 2 + first.vy ** 2 + first.vz ** 2)
        for second in system[i + 1:]:
            distance = (
                (first.x - second.x) ** 2 + (first.y - second.y) ** 2
                + (first.z - second.z) ** 2) ** 0.5
            total -= first.mass * second.mass / distance
    return int(total * 1e6)


def main():
    system = bodies()
    before = energy(system)
    for _ in range(60000):
        advance(system, 0.001)
    print(before, energy(system))


if __name__ == "__main__":
    main()
