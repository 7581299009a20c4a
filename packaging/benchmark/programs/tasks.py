"""A small operating system's scheduler, in the spirit of Richards: tasks of several kinds, objects
with methods, that send packets to each other through queues. Prints what was done.
"""


class Packet:
    def __init__(self, kind, number):
        self.kind = kind
        self.number = number
        self.next = None
        self.data = [0, 0, 0, 0]


class Queue:
    def __init__(self):
        self.first = None
        self.last = None

    def put(self, packet):
        packet.next = None
        if self.first is None:
            self.first = packet
        else:
            self.last.next = packet
        self.last = packet

    def take(self):
        packet = self.first
        if packet is not None:
            self.first = packet.next
        return packet


class Task:
    def __init__(self, system, priority):
        self.system = system
        self.priority = priority
        self.inbox = Queue()
        self.waits = False
        self.runs = 0

    def is_ready(self):
        return not self.waits or self.inbox.first is not None

    def send(self, packet):
        self.inbox.put(packet)

    def step(self):
        self.runs += 1
        self.waits = True
        packet = self.inbox.take()
        if packet is not None:
            self.handle(packet)
            self.waits = self.inbox.first is None

    def handle(self, packet):
        raise NotImplementedError


class Idle(Task):
    """Wakes the workers by a register that is shifted, as long as its budget lasts."""

    def __init__(self, system, budget):
        super().__init__(system, 0)
        self.budget = budget
        self.register = 0x5A5A

    def is_ready(self):
        return self.budget > 0

    def step(self):
        self.runs += 1
        self.budget -= 1
        if self.register & 1:
            self.register = (self.register >> 1) ^ 0xB400
            self.system.send("worker", Packet("work", self.register & 0xFF))
        else:
            self.register >>= 1
            self.system.send("device", Packet("read", self.register & 0xFF))


class Worker(Task):
    def __init__(self, system):
        super().__init__(system, 20)
        self.letter = 0

    def handle(self, packet):
        for place in range(4):
            self.letter = (self.letter + packet.number) % 26
            packet.data[place] = self.letter
        self.system.send("handler", packet)


class Device(Task):
    def __init__(self, system):
        super().__init__(system, 40)
        self.pending = None

    def handle(self, packet):
        if self.pending is None:
            self.pending = packet
        else:
            self.pending.number += packet.number
            self.system.send("handler", self.pending)
            self.pending = None


class Handler(Task):
    def __init__(self, system):
        super().__init__(system, 30)
        self.counts = {"work": 0, "read": 0}
        self.sum = 0

    def handle(self, packet):
        self.counts[packet.kind] += 1
        for value in packet.data:
            self.sum = (self.sum * 31 + value + packet.number) % 1000003


class System:
    def __init__(self, budget):
        self.tasks = {
            "idle": Idle(self, budget), "worker": Worker(self), "device": Device(self),
            "handler": Handler(self)}
        self.order = sorted(self.tasks.values(), key=lambda task: -task.priority)

    def send(self, name, packet):
        self.tasks[name].send(packet)

    def run(self):
        while True:
            for task in self.order:
                if task.is_ready():
                    task.step()
                    break
            else:
                return


def main():
    system = System(120000)
    system.run()
    handler = system.tasks["handler"]
    print(handler.sum, handler.counts["work"], handler.counts["read"])
    print(*[task.runs for task in system.order])


if __name__ == "__main__":
    main()
