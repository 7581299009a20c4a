// A synthetic load for a JavaScript interpreter, in the spirit of Dhrystone: records, arrays, strings,
// maps, calls, exceptions, generators, integer and floating-point arithmetic. Prints a checksum.

function records(rounds) {
  let record = { link: null, kind: 1, number: 40, text: "SOME SYNTHETIC TEXT, FIRST" };
  const row = new Array(52).fill(0);
  let check = 0;
  for (let i = 0; i < rounds; i++) {
    const copy = { ...record, kind: (record.kind + i) % 3, link: record };
    record.link = null;
    copy.number = (copy.number * 7 + i) % 97;
    switch (copy.kind) {
      case 0: copy.text = record.text; break;
      case 1: copy.text = "SOME SYNTHETIC TEXT, SECOND"; break;
      default: copy.number++;
    }
    row[copy.number % 52] += copy.text > record.text ? 2 : 1;
    check = (check * 3 + row[i % 52] + copy.number) % 1000003;
    record = copy;
  }
  return check;
}

function maps(rounds) {
  const counts = new Map();
  const object = {};
  let check = 0;
  for (let i = 0; i < rounds; i++) {
    const key = "key" + ((i * 7919) % 1013);
    counts.set(key, (counts.get(key) ?? 0) + i);
    object[key] = i;
    if (i % 5 === 0) {
      check ^= counts.get(key);
      counts.delete(key);
    }
  }
  return check + counts.size + Object.keys(object).length;
}

function texts(rounds) {
  const words = [];
  for (let i = 0; i < rounds; i++) {
    const word = String(i * i).split("").reverse().join("").replace("1", "one").toUpperCase();
    if (word.startsWith("4") || word.includes("NE9")) words.push(word.toLowerCase());
  }
  const joined = words.join(",");
  return joined.length + joined.split("one").length;
}

function exceptions(rounds) {
  let caught = 0;
  for (let i = 0; i < rounds; i++) {
    try {
      if (i % 5 > 2) throw new RangeError("too far");
      caught += i % 5;
    } catch (error) {
      caught += error.message.length;
    }
  }
  return caught;
}

function generators(rounds) {
  function* squares(limit) {
    for (let n = 0; n < limit; n++) yield n * n;
  }
  const some = [];
  for (const n of squares(rounds)) if (n % 3 === 1) some.push(n);
  some.sort((a, b) => (a % 1009) - (b % 1009) || a - b);
  return some.reduce((sum, n) => (sum + n) % 999983, 0) + some[some.length >> 1];
}

function floats(rounds) {
  let x = 0.5;
  let y = 0.25;
  for (let i = 0; i < rounds; i++) {
    [x, y] = [3.7 * x * (1 - x), (x + y) / 2];
  }
  return Math.trunc(y * 1e6);
}

print(
  records(200000), maps(200000), texts(60000), exceptions(150000), generators(120000),
  floats(400000));
