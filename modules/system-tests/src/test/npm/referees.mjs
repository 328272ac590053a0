// The official Node.js packages as referees of a running node: every example payload of GitHub's webhooks is delivered byte for byte and
// verified by `standardwebhooks`; the unmodified `svix` client does its work with only the server URL changed.
// Environment: POSTHORN_API (ends in /api/v1) and POSTHORN_TOKEN. Exit code 1 with the list of mismatches.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { readdirSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { ApiException, Svix } from "svix";

const PATIENCE_MS = 60_000;
const SENDERS = 8;
const MAX_PAYLOAD_BYTES = 1024 * 1024;

const api = process.env.POSTHORN_API;
const token = process.env.POSTHORN_TOKEN;
if (!api || !token) {
  console.error("POSTHORN_API and POSTHORN_TOKEN must be set");
  process.exit(2);
}

const mismatches = [];

/** An HTTP server that keeps what it gets and answers 204. */
class Receiver {
  received = [];
  #changed = [];

  async start() {
    this.server = createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks), path: request.url });
        response.writeHead(204).end();
        this.#changed.splice(0).forEach((wake) => wake());
      });
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
    return this;
  }

  of(id) {
    return this.received.filter((one) => one.headers["webhook-id"] === id);
  }

  /** Waits until the condition holds; answers whether it does. */
  async until(condition) {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0) {
        return false;
      }
      let timer;
      await new Promise((wake) => {
        this.#changed.push(wake);
        timer = setTimeout(wake, left);
      });
      clearTimeout(timer);
    }
    return true;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function call(method, path, text) {
  const answer = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(text ? { "content-type": "application/json" } : {}) },
    body: text,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const body = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${body}`);
  }
  return body ? JSON.parse(body) : undefined;
}

/** All examples of all files of the package: today's GitHub and the enterprise servers. */
function examples() {
  const require = createRequire(import.meta.url);
  const root = dirname(dirname(require.resolve("@octokit/webhooks-examples")));
  const found = [];
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (!folder.isDirectory() || !/^(api\.github\.com|ghes-\d+)$/.test(folder.name)) {
      continue;
    }
    for (const event of require(`${root}/${folder.name}/index.json`)) {
      event.examples.forEach((example, index) => {
        const action = typeof example.action === "string" ? `.${example.action}` : "";
        found.push({
          name: `${folder.name} ${event.name}${action} #${index}`,
          eventType: `${event.name}${action}`.replace(/[^A-Za-z0-9_.-]/g, "_"),
          payload: JSON.stringify(example, null, 2),
        });
      });
    }
  }
  return found;
}

function problem(secret, arrival, expected) {
  if (!arrival.body.equals(Buffer.from(expected))) {
    return `body differs: ${arrival.body.length} bytes, expected ${Buffer.byteLength(expected)}`;
  }
  try {
    new Webhook(secret).verify(arrival.body.toString(), arrival.headers);
  } catch (error) {
    return `signature: ${error.message}`;
  }
  return undefined;
}

async function payloads() {
  const receivers = [await new Receiver().start(), await new Receiver().start()];
  try {
    const app = (await call("POST", "/app", JSON.stringify({ name: "Examples" }))).id;
    for (const receiver of receivers) {
      const endpoint = await call("POST", `/app/${app}/endpoint`, JSON.stringify({ url: receiver.url }));
      receiver.secret = (await call("GET", `/app/${app}/endpoint/${endpoint.id}/secret`)).key;
    }

    const all = examples();
    assert.ok(all.length > 0, "the package holds no examples");
    const left = [...all];
    const sent = [];
    const send = async () => {
      for (let one = left.shift(); one; one = left.shift()) {
        if (Buffer.byteLength(one.payload) > MAX_PAYLOAD_BYTES) {
          mismatches.push(`${one.name}: ${Buffer.byteLength(one.payload)} bytes are above the limit of a payload`);
          continue;
        }
        try {
          const text = `{"eventType":${JSON.stringify(one.eventType)},"payload":${one.payload}}`;
          sent.push({ ...one, id: (await call("POST", `/app/${app}/msg`, text)).id });
        } catch (error) {
          mismatches.push(`${one.name}: ${error.message}`);
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));

    let verified = 0;
    let repeated = 0;
    for (const [index, receiver] of receivers.entries()) {
      await receiver.until(() => new Set(receiver.received.map((one) => one.headers["webhook-id"])).size >= sent.length);
      for (const one of sent) {
        const arrivals = receiver.of(one.id);
        repeated += Math.max(0, arrivals.length - 1);
        if (arrivals.length === 0) {
          mismatches.push(`${one.name} (${one.id}) at receiver ${index}: did not arrive`);
        }
        for (const arrival of arrivals) {
          const wrong = problem(receiver.secret, arrival, one.payload);
          if (wrong) {
            mismatches.push(`${one.name} (${one.id}) at receiver ${index}: ${wrong}`);
          } else {
            verified++;
          }
        }
      }
    }
    // The referee does refuse: the key of the other endpoint must not fit.
    const [first, second] = receivers;
    if (first.received.length > 0) {
      assert.throws(() => new Webhook(second.secret).verify(first.received[0].body.toString(), first.received[0].headers));
    }
    const bytes = Math.max(...all.map((one) => Buffer.byteLength(one.payload)));
    const types = new Set(all.map((one) => one.eventType)).size;
    console.log(
      `examples: ${all.length} of ${types} event types, largest ${bytes} bytes; accepted ${sent.length}, deliveries verified ${verified}, repeated ${repeated}`,
    );
  } finally {
    receivers.forEach((receiver) => receiver.stop());
  }
}

/** Asks again until the answer satisfies, for what the node writes just after it delivered. */
async function eventually(ask, satisfies) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer) || Date.now() > deadline) {
      return answer;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function client() {
  const receiver = await new Receiver().start();
  const svix = new Svix(token, { serverUrl: api.replace(/\/api\/v1$/, "") });
  let passed = 0;
  const step = async (name, work) => {
    try {
      await work();
      passed++;
    } catch (error) {
      const seen = error instanceof ApiException ? `${error.code} ${JSON.stringify(error.body)}` : error.message;
      mismatches.push(`svix client, ${name}: ${seen}`);
    }
  };
  const refused = (work, code, check) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof ApiException, `not an ApiException: ${error}`);
      assert.equal(error.code, code);
      check(typeof error.body === "string" ? JSON.parse(error.body) : error.body);
      return true;
    });

  try {
    let app, endpoint, oldKey, newKey, message, arrival;
    const content = { amount: 1.5, text: "Grüße \u2028 \u{1F4EF}", nested: { list: [1, null, true] } };

    await step("application create, get, list, upsert (its update)", async () => {
      app = (await svix.application.create({ name: "Node", uid: "node-referee" })).id;
      const got = await svix.application.get("node-referee");
      assert.equal(got.id, app);
      assert.ok(got.createdAt instanceof Date && !Number.isNaN(got.createdAt.getTime()));
      assert.ok((await svix.application.list()).data.some((one) => one.id === app));
      assert.equal((await svix.application.upsert(app, { name: "Renamed", uid: "node-referee" })).name, "Renamed");
    });
    await step("event type create, get, list", async () => {
      await svix.eventType.create({ name: "referee.called", description: "A referee called" });
      assert.equal((await svix.eventType.get("referee.called")).description, "A referee called");
      assert.ok((await svix.eventType.list()).data.some((one) => one.name === "referee.called"));
    });
    await step("endpoint create, get, list", async () => {
      endpoint = (await svix.endpoint.create(app, { url: receiver.url, eventTypes: ["referee.called"] })).id;
      const got = await svix.endpoint.get(app, endpoint);
      assert.equal(got.url, receiver.url);
      assert.deepEqual(got.eventTypes, ["referee.called"]);
      assert.deepEqual((await svix.endpoint.list(app)).data.map((one) => one.id), [endpoint]);
    });
    await step("endpoint upsert (its update)", async () => {
      const updated = await svix.endpoint.upsert(app, endpoint, { url: `${receiver.url}/updated`, description: "updated" });
      assert.equal(updated.url, `${receiver.url}/updated`);
      assert.equal(updated.description, "updated");
      assert.ok(!updated.eventTypes, "an upsert without eventTypes clears them");
    });
    await step("endpoint patch", async () => {
      await svix.endpoint.patch(app, endpoint, { description: "patched", eventTypes: ["referee.called"] });
      const got = await svix.endpoint.get(app, endpoint);
      assert.equal(got.description, "patched");
      assert.deepEqual(got.eventTypes, ["referee.called"]);
      assert.equal(got.url, `${receiver.url}/updated`, "a patch leaves what it does not name");
    });
    await step("endpoint getSecret, rotateSecret", async () => {
      oldKey = (await svix.endpoint.getSecret(app, endpoint)).key;
      await svix.endpoint.rotateSecret(app, endpoint, {});
      newKey = (await svix.endpoint.getSecret(app, endpoint)).key;
      assert.match(newKey, /^whsec_/);
      assert.notEqual(newKey, oldKey);
    });
    await step("message create", async () => {
      message = (await svix.message.create(app, { eventType: "referee.called", eventId: "call-1", payload: content })).id;
      assert.ok(await receiver.until(() => receiver.of(message).length > 0), "did not arrive");
      arrival = receiver.of(message)[0];
      assert.equal(arrival.path, "/hook/updated");
      assert.equal(arrival.body.toString(), JSON.stringify(content));
    });
    await step("a delivery after the rotation verifies with the new key", async () => {
      assert.deepEqual(new Webhook(newKey).verify(arrival.body.toString(), arrival.headers), content);
    });
    await step("a delivery after the rotation verifies with the old key", async () => {
      assert.deepEqual(new Webhook(oldKey).verify(arrival.body.toString(), arrival.headers), content);
    });
    await step("message get and list with content", async () => {
      const got = await svix.message.get(app, "call-1", { withContent: true });
      assert.equal(got.id, message);
      assert.deepEqual(got.payload, content);
      const listed = (await svix.message.list(app, { withContent: true })).data;
      assert.deepEqual(listed.map((one) => [one.id, one.payload]), [[message, content]]);
    });
    await step("messageAttempt listByMsg", async () => {
      const attempts = (await eventually(() => svix.messageAttempt.listByMsg(app, message), (page) => page.data.length > 0)).data;
      assert.equal(attempts.length, 1);
      assert.equal(attempts[0].endpointId, endpoint);
      assert.equal(attempts[0].responseStatusCode, 204);
      assert.equal(attempts[0].status, 0);
      assert.ok(attempts[0].timestamp instanceof Date && !Number.isNaN(attempts[0].timestamp.getTime()));
    });
    await step("messageAttempt listByEndpoint", async () => {
      const attempts = (await svix.messageAttempt.listByEndpoint(app, endpoint)).data;
      assert.deepEqual(attempts.map((one) => one.msgId), [message]);
    });
    await step("messageAttempt resend", async () => {
      await svix.messageAttempt.resend(app, message, endpoint);
      assert.ok(await receiver.until(() => receiver.of(message).length > 1), "did not arrive again with the same webhook-id");
      const again = receiver.of(message)[1];
      assert.ok(again.body.equals(arrival.body), "the bytes differ");
      new Webhook(newKey).verify(again.body.toString(), again.headers);
      const attempts = await eventually(() => svix.messageAttempt.listByMsg(app, message), (page) => page.data.length > 1);
      assert.equal(attempts.data.length, 2);
      assert.deepEqual(attempts.data.map((one) => one.triggerType).sort(), [0, 1]);
    });
    await step("404", async () => {
      await refused(svix.endpoint.get(app, "ep_2aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404, (body) => {
        assert.equal(typeof body.code, "string");
        assert.equal(typeof body.detail, "string");
      });
    });
    await step("422", async () => {
      await refused(svix.endpoint.create(app, { url: "no url" }), 422, (body) => {
        assert.ok(Array.isArray(body.detail) && body.detail.length > 0);
        assert.ok(body.detail[0].loc.includes("url"), JSON.stringify(body));
        assert.equal(typeof body.detail[0].msg, "string");
        assert.equal(typeof body.detail[0].type, "string");
      });
    });
    await step("endpoint delete", async () => {
      await svix.endpoint.delete(app, endpoint);
      assert.deepEqual((await svix.endpoint.list(app)).data, []);
    });
    await step("event type delete for good", async () => {
      await svix.eventType.delete("referee.called", { expunge: true });
      await refused(svix.eventType.get("referee.called"), 404, (body) => assert.equal(typeof body.code, "string"));
    });
    await step("application delete", async () => {
      await svix.application.delete(app);
      await refused(svix.application.get(app), 404, (body) => assert.equal(typeof body.code, "string"));
    });
    console.log(`svix client: ${passed} steps passed`);
  } finally {
    receiver.stop();
  }
}

for (const part of [payloads, client]) {
  try {
    await part();
  } catch (error) {
    mismatches.push(`${part.name}: ${error.stack}`);
  }
}
if (mismatches.length > 0) {
  console.error(`${mismatches.length} mismatches:`);
  mismatches.forEach((one) => console.error(`- ${one}`));
}
process.exit(mismatches.length > 0 ? 1 : 0);
