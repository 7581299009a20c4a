// Five bodies that attract each other, in plain floating-point arithmetic on objects. Prints the
// energy before and after, scaled to an integer.

class Body {
  constructor(x, y, z, vx, vy, vz, mass) {
    Object.assign(this, { x, y, z, vx, vy, vz, mass });
  }
}

function bodies() {
  const result = [new Body(0, 0, 0, 0, 0, 0, 40)];
  for (let i = 1; i < 5; i++) {
    const radius = 3 * i;
    const speed = Math.sqrt(40 / radius);
    result.push(new Body(radius, 0.1 * i, 0.05 * i, 0, speed, 0.01 * i, 0.002 * i));
  }
  return result;
}

function advance(system, step) {
  for (let i = 0; i < system.length; i++) {
    const first = system[i];
    for (let j = i + 1; j < system.length; j++) {
      const second = system[j];
      const dx = first.x - second.x;
      const dy = first.y - second.y;
      const dz = first.z - second.z;
      const square = dx * dx + dy * dy + dz * dz;
      const pull = step / (square * Math.sqrt(square));
      first.vx -= dx * second.mass * pull;
      first.vy -= dy * second.mass * pull;
      first.vz -= dz * second.mass * pull;
      second.vx += dx * first.mass * pull;
      second.vy += dy * first.mass * pull;
      second.vz += dz * first.mass * pull;
    }
  }
  for (const body of system) {
    body.x += step * body.vx;
    body.y += step * body.vy;
    body.z += step * body.vz;
  }
}

function energy(system) {
  let total = 0;
  system.forEach((first, i) => {
    total += 0.5 * first.mass * (first.vx ** 2 + first.vy ** 2 + first.vz ** 2);
    for (const second of system.slice(i + 1)) {
      const distance = Math.sqrt(
        (first.x - second.x) ** 2 + (first.y - second.y) ** 2 + (first.z - second.z) ** 2);
      total -= first.mass * second.mass / distance;
    }
  });
  return Math.trunc(total * 1e6);
}

const system = bodies();
const before = energy(system);
for (let round = 0; round < 60000; round++) advance(system, 0.001);
print(before, energy(system));
