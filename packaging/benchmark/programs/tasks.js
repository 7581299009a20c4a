// A small operating system's scheduler, in the spirit of Richards: tasks of several kinds, objects
// with methods, that send packets to each other through queues. Prints what was done.

class Packet {
  constructor(kind, number) {
    this.kind = kind;
    this.number = number;
    this.next = null;
    this.data = [0, 0, 0, 0];
  }
}

class Queue {
  constructor() {
    this.first = null;
    this.last = null;
  }

  put(packet) {
    packet.next = null;
    if (this.first === null) this.first = packet;
    else this.last.next = packet;
    this.last = packet;
  }

  take() {
    const packet = this.first;
    if (packet !== null) this.first = packet.next;
    return packet;
  }
}

class Task {
  constructor(system, priority) {
    this.system = system;
    this.priority = priority;
    this.inbox = new Queue();
    this.waits = false;
    this.runs = 0;
  }

  isReady() {
    return !this.waits || this.inbox.first !== null;
  }

  send(packet) {
    this.inbox.put(packet);
  }

  step() {
    this.runs++;
    this.waits = true;
    const packet = this.inbox.take();
    if (packet !== null) {
      this.handle(packet);
      this.waits = this.inbox.first === null;
    }
  }
}

// Wakes the workers by a register that is shifted, as long as its budget lasts.
class Idle extends Task {
  constructor(system, budget) {
    super(system, 0);
    this.budget = budget;
    this.register = 0x5a5a;
  }

  isReady() {
    return this.budget > 0;
  }

  step() {
    this.runs++;
    this.budget--;
    if (this.register & 1) {
      this.register = (this.register >> 1) ^ 0xb400;
      this.system.send("worker", new Packet("work", this.register & 0xff));
    } else {
      this.register >>= 1;
      this.system.send("device", new Packet("read", this.register & 0xff));
    }
  }
}

class Worker extends Task {
  constructor(system) {
    super(system, 20);
    this.letter = 0;
  }

  handle(packet) {
    for (let place = 0; place < 4; place++) {
      this.letter = (this.letter + packet.number) % 26;
      packet.data[place] = this.letter;
    }
    this.system.send("handler", packet);
  }
}

class Device extends Task {
  constructor(system) {
    super(system, 40);
    this.pending = null;
  }

  handle(packet) {
    if (this.pending === null) {
      this.pending = packet;
    } else {
      this.pending.number += packet.number;
      this.system.send("handler", this.pending);
      this.pending = null;
    }
  }
}

class Handler extends Task {
  constructor(system) {
    super(system, 30);
    this.counts = { work: 0, read: 0 };
    this.sum = 0;
  }

  handle(packet) {
    this.counts[packet.kind]++;
    for (const value of packet.data) {
      this.sum = (this.sum * 31 + value + packet.number) % 1000003;
    }
  }
}

class System {
  constructor(budget) {
    this.tasks = {
      idle: new Idle(this, budget),
      worker: new Worker(this),
      device: new Device(this),
      handler: new Handler(this),
    };
    this.order = Object.values(this.tasks).sort((a, b) => b.priority - a.priority);
  }

  send(name, packet) {
    this.tasks[name].send(packet);
  }

  run() {
    for (;;) {
      const task = this.order.find((task) => task.isReady());
      if (task === undefined) return;
      task.step();
    }
  }
}

const system = new System(150000);
system.run();
const handler = system.tasks.handler;
print(handler.sum, handler.counts.work, handler.counts.read);
print(...system.order.map((task) => task.runs));
