// One JSONata expression per line in, one JSON answer per line out. See evaluators.py.
const { createHash, randomUUID } = require('node:crypto');
const { createInterface } = require('node:readline');
const jsonata = require('jsonata');

const awsFunctions = {
  parse: (text) => (text === undefined ? undefined : JSON.parse(text)),
  uuid: () => randomUUID(),
  partition: (items, size) =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size)),
  range: (first, last, step) =>
    Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step),
  hash: (content, algorithm) =>
    createHash(algorithm.replace('-', ''))
      .update(typeof content === 'string' ? content : JSON.stringify(content))
      .digest('hex'),
  // A seed gives a fixed value, though not the one that AWS's own generator would give.
  random: (seed) => (seed === undefined ? Math.random() : Math.abs(Math.sin(seed + 1)) % 1),
};

async function evaluate(source) {
  const expression = jsonata(source);
  for (const [name, implementation] of Object.entries(awsFunctions)) expression.registerFunction(name, implementation);
  return (await expression.evaluate(undefined)) ?? null;
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const answer = await evaluate(JSON.parse(line)).then(
    (value) => ({ value }),
    (error) => ({ error: error.message ?? String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
